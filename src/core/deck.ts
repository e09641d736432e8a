/** One lecture. */
export interface Deck {
  /** Starts the ids of its claims: `002`. */
  readonly id: string;
  readonly title: string;
  /** Whose lecture it is, as far as the deck says. */
  readonly author?: string;
}
