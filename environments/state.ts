import type { Account } from "./environment.ts";

/** The bucket with the Terraform state of every environment, in its own account. */
export interface StateStore extends Account {
  readonly bucket: string;
}

export const state: StateStore = {
  accountId: "123456789012",
  region: "us-east-1",
  bucket: "leadwire-terraform-state-123456789012",
};
