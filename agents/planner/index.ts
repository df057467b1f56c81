// What the planner offers to other packages.

export { look, type PlayOptions, play } from "./agent.ts";
export { BEHAVIOURS, type Behaviour, type BehaviourName, behaviour, leave } from "./behaviours.ts";
export { type Memory, PlanningCache } from "./cache.ts";
export { pick, type Random, seeded } from "./random.ts";
export {
  openStakes,
  type Purse,
  purseOf,
  stakeBelow,
  startBalance,
  unitBet,
  type View,
  WINDOW,
} from "./view.ts";
