import { queryOptions } from '@tanstack/react-query';

import { ask } from '../graphql/ask';
import { graphql, type ResultOf, type VariablesOf } from '../graphql/graphql';
import { made } from '../graphql/refused';

const messages = graphql(`
  query Messages($first: Int!, $after: String, $states: [MessageState!]) {
    messages(first: $first, after: $after, states: $states) {
      totalCount
      pageInfo {
        hasNextPage
        endCursor
      }
      nodes {
        id
        channelName
        subscriptionName
        recipients
        subject
        body
        state
        madeAt
        attempts
        answer
      }
    }
  }
`);

export type Message = ResultOf<typeof messages>['messages']['nodes'][number];

export const messagesQuery = (wanted: VariablesOf<typeof messages>) =>
  queryOptions({
    queryKey: ['messages', wanted],
    queryFn: async ({ signal }) => (await ask(messages, wanted, signal)).messages,
  });

const ways = graphql(`
  query Ways {
    channels {
      id
      name
      kind
      host
      failingSince
    }
    noticeSubscriptions {
      id
      channelId
      name
      recipients
      events
      severities
      domains
      owners
      quietFrom
      quietTo
      digestMinutes
      digestAt
    }
  }
`);

type Ways = ResultOf<typeof ways>;
export type Channel = Ways['channels'][number];
export type Subscription = Ways['noticeSubscriptions'][number];

export const waysQuery = queryOptions({
  queryKey: ['messages', 'ways'],
  queryFn: ({ signal }) => ask(ways, {}, signal),
});

const again = graphql(`
  mutation SendMessageAgain($id: ID!) {
    sendMessageAgain(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const test = graphql(`
  mutation TestChannel($id: ID!, $recipients: [String!], $language: NoticeLanguage) {
    testChannel(id: $id, recipients: $recipients, language: $language) {
      message {
        state
        answer
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const removeChannelDocument = graphql(`
  mutation RemoveChannel($id: ID!) {
    removeChannel(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);
const removeSubscriptionDocument = graphql(`
  mutation RemoveNoticeSubscription($id: ID!) {
    removeNoticeSubscription(id: $id) {
      userErrors {
        code
        message
        path
      }
    }
  }
`);

export const sendAgain = async (id: string) => made((await ask(again, { id })).sendMessageAgain);
export const testChannel = async (wanted: VariablesOf<typeof test>) => made((await ask(test, wanted)).testChannel);
export const removeChannel = async (id: string) => made((await ask(removeChannelDocument, { id })).removeChannel);
export const removeSubscription = async (id: string) =>
  made((await ask(removeSubscriptionDocument, { id })).removeNoticeSubscription);
