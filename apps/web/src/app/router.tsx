import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';

import { HomePage } from '../home/HomePage';
import { Shell } from '../shell/Shell';
import { NotFoundPage } from './NotFoundPage';
import { RouteFailure } from './RouteFailure';

/** A page's code arrives when it is opened for the first time. */
const SourcesPage = lazy(() => import('../sources/SourcesPage'));
const SourceFormPage = lazy(() => import('../sources/SourceFormPage'));
const SourcePage = lazy(() => import('../sources/SourcePage'));
const SearchPage = lazy(() => import('../dictionary/SearchPage'));
const DatasetPage = lazy(() => import('../dictionary/DatasetPage'));
const ReconciliationsPage = lazy(() => import('../reconciliation/ReconciliationsPage'));
const ReconciliationPage = lazy(() => import('../reconciliation/ReconciliationPage'));
const IncidentsPage = lazy(() => import('../incidents/IncidentsPage'));
const IncidentPage = lazy(() => import('../incidents/IncidentPage'));
const WaiversPage = lazy(() => import('../incidents/WaiversPage'));
const MessagesPage = lazy(() => import('../messages/MessagesPage'));
const ReportsPage = lazy(() => import('../reports/ReportsPage'));
const JobsPage = lazy(() => import('../jobs/JobsPage'));

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <RouteFailure />,
    children: [
      { index: true, element: <HomePage /> },
      { path: 'search', element: <SearchPage /> },
      { path: 'sources', element: <SourcesPage /> },
      { path: 'sources/new', element: <SourceFormPage /> },
      { path: 'sources/:id', element: <SourcePage /> },
      { path: 'sources/:id/edit', element: <SourceFormPage /> },
      { path: 'datasets/:id', element: <DatasetPage /> },
      { path: 'incidents', element: <IncidentsPage /> },
      { path: 'reconciliations', element: <ReconciliationsPage /> },
      { path: 'reconciliations/:id', element: <ReconciliationPage /> },
      { path: 'incidents/:id', element: <IncidentPage /> },
      { path: 'waivers', element: <WaiversPage /> },
      { path: 'messages', element: <MessagesPage /> },
      { path: 'reports', element: <ReportsPage /> },
      { path: 'jobs', element: <JobsPage /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]);
