// A trained policy as a behaviour: it sees what the server says the agent sees, and chooses from its action space.

import { type Behaviour, leave } from "@reelhouse/planner";
import type { Encoder, Policy } from "@reelhouse/rl-model-runner";

/** The behaviour of a policy: the allowed action that it scores highest. It has no chance of its own. */
export function policyBehaviour(name: string, policy: Policy, encoder: Encoder): Behaviour {
  return {
    name,
    async choose(view) {
      const seen = view.session.observation;
      const mask = seen ? encoder.mask(seen) : null;
      if (!seen || !mask?.some(Boolean)) return leave(view);
      const { action } = await policy.infer(encoder.encode(seen), mask);
      return encoder.action(action);
    },
  };
}
