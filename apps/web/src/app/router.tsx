import { lazy } from 'react';
import { createBrowserRouter } from 'react-router';

import { HomePage } from '../home/HomePage';
import { Shell } from '../shell/Shell';
import { NotFoundPage } from './NotFoundPage';
import { RouteFailure } from './RouteFailure';

/** A page's code arrives when it is opened for the first time. */
const JobsPage = lazy(() => import('../jobs/JobsPage'));

export const router = createBrowserRouter([
  {
    element: <Shell />,
    errorElement: <RouteFailure />,
    children: [
      { index: true, element: <HomePage /> },
      { path: 'jobs', element: <JobsPage /> },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]);
