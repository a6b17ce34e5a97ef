// `npm run chaos`: what tests/chaos/ shows in a moment during `npm test`, in full length and with everything that takes longer.
import { runScenarios } from "./scenarios.ts";

runScenarios("chaos");
