import { type Channel, type ChannelSecrets } from '../channel.js';
import { type Attachment } from '../notice.js';
import { type ToldNotice } from '../render.js';

/** A message, and where it goes. */
export interface Parcel {
  /** The same in each try: who has it already passes over the second. */
  readonly id: string;
  readonly channel: Channel;
  readonly secrets: ChannelSecrets;
  readonly recipients: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly language: string;
  readonly notices: readonly ToldNotice[];
  readonly attachments: readonly Attachment[];
  readonly at: Date;
}

/**
 * Sends a parcel; what the other side answered, in short. Throws what passes as an `Error`, to be tried again, and
 * `ChannelRefused` for what does not.
 */
export type Sender = (parcel: Parcel, signal: AbortSignal) => Promise<string>;
