// The person at a client that has elicitation: sees what the server asks and answers it.

/** Returns a person who answers with `answer`, declines without one, and keeps the questions in `asked`. */
export function newPerson() {
  return {
    asked: [],
    answer: undefined,
    /** Handles elicitation/create, whether it comes in the course of a call or between two. */
    elicit({ params }) {
      this.asked.push(params);
      return this.answer ?? { action: "decline" };
    },
  };
}

export const yes = { action: "accept", content: { confirm: true } };

/** What is no consent, whatever a client makes of the form. */
export const refusals = {
  declined: { action: "decline" },
  cancelled: { action: "cancel" },
  "accepted with no": { action: "accept", content: { confirm: false } },
};
