import { object } from "yup";
import { docs, text } from "./rules.ts";

/**
 * AWS's commercial Regions, as its SDKs list them in November 2026, without those that have no SES, by which every environment
 * sends its emails: ap-east-1, ap-east-2, ap-southeast-4, ap-southeast-6, ap-southeast-7, eu-south-2 and mx-central-1.
 * https://docs.aws.amazon.com/general/latest/gr/ses.html
 */
const regions =
  `us-east-1 us-east-2 us-west-1 us-west-2 ca-central-1 ca-west-1 sa-east-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1
  eu-west-1 eu-west-2 eu-west-3 af-south-1 il-central-1 me-central-1 me-south-1 ap-northeast-1 ap-northeast-2 ap-northeast-3
  ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5`.split(/\s+/);

export const accountId = text(
  {
    bound: "12 digits",
    meaning: "AWS account. Terraform refuses to work in any other account.",
    link: `${docs}/accounts/latest/reference/manage-acct-identifiers.html`,
  },
  /^\d{12}$/,
);

export const region = text(
  {
    bound: "the code of a commercial AWS Region with SES, such as us-east-1",
    meaning: "AWS Region of everything in the environment.",
    reason: "GovCloud and China have ARNs of their own, and every environment sends emails by SES.",
    link: `${docs}/global-infrastructure/latest/regions/aws-regions.html`,
  },
  (code) => regions.includes(code),
);

/** The shape of the settings of the bucket with Terraform's state. */
export const stateSchema = object({
  accountId,
  region,
  bucket: text(
    {
      bound: "3 to 63 small letters, digits and hyphens, without a prefix or suffix that S3 reserves",
      meaning: "Name of the bucket, which no other bucket of AWS may have.",
      link: `${docs}/AmazonS3/latest/userguide/bucketnamingrules.html`,
    },
    /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(-s3alias|--ol-s3|--x-s3|--table-s3)$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  ),
}).noUnknown();
