/** One lecture. */
export interface Deck {
  /** Starts the ids of its claims: `002`. */
  readonly id: string;
  readonly title: string;
  /** Whose lecture it is, as far as the deck says. */
  readonly author?: string;
  /** Where it is to be had. */
  readonly url?: string;
  /** YYYY-MM-DD, or as much of it as is known. */
  readonly date?: string;
}
