const docs = "https://docs.aws.amazon.com";

/** AWS pages that state the rules of tuning. */
export const Link = {
  functionLimits: `${docs}/lambda/latest/dg/gettingstarted-limits.html`,
  httpApiLimits: `${docs}/apigateway/latest/developerguide/http-api-quotas.html`,
  mapping: `${docs}/lambda/latest/api/API_CreateEventSourceMapping.html`,
  mappingScaling: `${docs}/lambda/latest/dg/services-sqs-scaling.html#events-sqs-max-concurrency`,
  queueForLambda: `${docs}/lambda/latest/dg/services-sqs-configure.html`,
  reservedConcurrency: `${docs}/lambda/latest/dg/configuration-concurrency.html`,
  queueAttributes: `${docs}/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html`,
  deadLetterQueues: `${docs}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html`,
} as const;
