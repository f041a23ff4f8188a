import { computed, signal } from '@preact/signals';
import type { Rights } from '../../core/rights';

/** Why nobody is signed in. */
export type SignedOutReason =
  /** Somebody signed out. */
  | 'left'
  /** The issuer no longer knows the operator, and would have to ask. */
  | 'ended'
  /** The issuer, or the operator there, said no. */
  | 'refused'
  /** The issuer was asked by somebody who wants to sign in, and did not answer. */
  | 'unreachable'
  /** The issuer says who it is, but Rollcall takes no token of theirs. */
  | 'unknown';

/** Who sits at the page. Once it is signed out, only loading it again, by way of the issuer, signs anybody in. */
export type Session =
  | { readonly state: 'signing-in' }
  | { readonly state: 'signed-in'; readonly who: string; readonly rights: Rights }
  | { readonly state: 'signed-out'; readonly reason: SignedOutReason; readonly code?: string };

/** What the operator can do about it. */
export interface SigningIn {
  /** Goes to the issuer. */
  signIn(): Promise<void>;
  /** Ends it here and at the issuer. */
  signOut(): Promise<void>;
}

export const session = signal<Session>({ state: 'signing-in' });

/** Undefined until the page knows who the issuer is. */
export const signingIn = signal<SigningIn | undefined>(undefined);

/** Something on the page would be lost if it were left now. */
export const unsaved = signal(false);

/** Whether the operator may change anything at all. */
export const isManager = computed(
  () => session.value.state === 'signed-in' && session.value.rights.manage.size > 0,
);
