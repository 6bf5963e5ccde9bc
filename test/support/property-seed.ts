import fc from "fast-check";

// Every run tries the same examples, so that a failure is the change's; PROPERTY_SEED=random (or a number) tries others.
const told = process.env.PROPERTY_SEED;
const seed = told === "random" ? Date.now() % 2 ** 31 : Number(told ?? 20_240_101);
fc.configureGlobal({ seed });
