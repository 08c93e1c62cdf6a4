/**
 * How likely a way out of a function is, likeliest first. A finding names one way on which something stays open, and a reader judges it by that one: the way
 * that is taken in production, not the nearest.
 *
 * - `ends`: the function returns, or comes to its end, and nothing has failed: that happens whenever it is called.
 * - `fails`: a disk, a network, a database or another process does not answer as it should, which is a matter of time.
 * - `refuses`: a check of the function itself does not hold, and it throws or answers with an error: a matter of who calls it.
 * - `raises`: a function of the program throws or answers with an error, as is seen there.
 * - `rejects`: a library's function does so that works on values only (it parses, it converts).
 * - `own`: the resource itself fails, or a function that gets it and in which nothing else is seen to. That is seldom another's fault, and what fails so has often ended by it.
 * - `unseen`: nobody sees why the call should fail: code that is not there, or a function of the program in which nothing is seen to.
 * - `hardly`: it practically never happens, as the models say or what the program's functions do: an open file tells its size, nothing was written yet to what
 *   is closed.
 */
export const likelihoods = ["ends", "fails", "refuses", "raises", "rejects", "own", "unseen", "hardly"] as const;
export type Likelihood = (typeof likelihoods)[number];

/** @returns a number that is the higher the less likely something is */
export const rarity = (likelihood: Likelihood): number => likelihoods.indexOf(likelihood);

/** @returns of two things that both have to happen the less likely one */
export const rarer = (one: Likelihood, other: Likelihood): Likelihood => (rarity(one) < rarity(other) ? other : one);

/** @returns of two things of which one has to happen the likelier one */
export const likelier = (one: Likelihood, other: Likelihood): Likelihood => (rarity(one) < rarity(other) ? one : other);
