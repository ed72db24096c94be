export { checkedAddress } from './address.js';
export { type Answer, post, type Recipient, saysTryAgain } from './post.js';
