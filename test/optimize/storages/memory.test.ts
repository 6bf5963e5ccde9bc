import { memoryStorage } from "../../../src/optimize/storages/memory.ts";
import { storageContract } from "../../support/storage-contract.ts";

storageContract("memory", memoryStorage);
