import {
  type ApiCall,
  nested,
  nestedList,
  optionalText,
  present,
  type Requirement,
  requirement,
  text,
  unmapped,
} from "../requirement.ts";

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
export function s3(call: ApiCall): readonly Requirement[] {
  switch (call.operation) {
    case "GetObject":
    case "HeadObject":
      return [onObject(call, versioned(call, "s3:GetObject"))];
    case "PutObject":
    case "CreateMultipartUpload":
    case "UploadPart":
    case "CompleteMultipartUpload":
      return putObject(call);
    case "CopyObject":
      return [copySource(call), ...putObject(call)];
    case "DeleteObject":
      return [onObject(call, versioned(call, "s3:DeleteObject"))];
    case "DeleteObjects":
      return deleteObjects(call);
    case "AbortMultipartUpload":
      return [onObject(call, "s3:AbortMultipartUpload")];
    case "ListParts":
      return [onObject(call, "s3:ListMultipartUploadParts")];
    case "ListObjects":
    case "ListObjectsV2":
      return [listing(call, "s3:ListBucket")];
    case "ListObjectVersions":
      return [listing(call, "s3:ListBucketVersions")];
    case "HeadBucket":
      return [requirement("s3:ListBucket", bucketArn(call))];
    case "GetBucketLocation":
      return [requirement("s3:GetBucketLocation", bucketArn(call))];
    default:
      return unmapped("s3", call.operation);
  }
}

function bucketArn(call: ApiCall): string {
  return `arn:aws:s3:::${text(call, "Bucket")}`;
}

function onObject(call: ApiCall, action: string): Requirement {
  const context = { "s3:versionid": optionalText(call, "VersionId") };
  return requirement(action, `${bucketArn(call)}/${text(call, "Key")}`, present(context));
}

function versioned(call: ApiCall, action: string): string {
  return optionalText(call, "VersionId") === undefined ? action : `${action}Version`;
}

function putObject(call: ApiCall): readonly Requirement[] {
  const resource = `${bucketArn(call)}/${text(call, "Key")}`;
  const context = present({
    "s3:if-none-match": optionalText(call, "IfNoneMatch"),
    "s3:if-match": optionalText(call, "IfMatch"),
    "s3:x-amz-acl": optionalText(call, "ACL"),
    "s3:x-amz-server-side-encryption": optionalText(call, "ServerSideEncryption"),
    "s3:x-amz-server-side-encryption-aws-kms-key-id": optionalText(call, "SSEKMSKeyId"),
    "s3:x-amz-storage-class": optionalText(call, "StorageClass"),
  });
  return [
    requirement("s3:PutObject", resource, context),
    ...(optionalText(call, "ACL") ? [requirement("s3:PutObjectAcl", resource, context)] : []),
    ...(optionalText(call, "Tagging") ? [requirement("s3:PutObjectTagging", resource, context)] : []),
    // Comparing with the object that is there takes the right to read it.
    ...(optionalText(call, "IfMatch") ? [requirement("s3:GetObject", resource)] : []),
  ];
}

function copySource(call: ApiCall): Requirement {
  const [path = "", query = ""] = text(call, "CopySource").split("?");
  const source = decodeURIComponent(path).replace(/^\//, "");
  return requirement(query.startsWith("versionId=") ? "s3:GetObjectVersion" : "s3:GetObject", `arn:aws:s3:::${source}`);
}

function deleteObjects(call: ApiCall): readonly Requirement[] {
  const objects = nestedList(nested(call.parameters, "Delete"), "Objects");
  if (objects.length === 0) text(call, "Delete");
  return objects.flatMap((object) =>
    s3({ operation: "DeleteObject", parameters: { Bucket: text(call, "Bucket"), ...object } }),
  );
}

function listing(call: ApiCall, action: string): Requirement {
  const { MaxKeys } = call.parameters;
  const context = {
    "s3:prefix": optionalText(call, "Prefix"),
    "s3:delimiter": optionalText(call, "Delimiter"),
    "s3:max-keys": typeof MaxKeys === "number" ? MaxKeys : undefined,
  };
  return requirement(action, bucketArn(call), present(context));
}
