// The AWS SDK for JavaScript at the doors `aws` and `credentials`.

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromHttp, fromTokenFile } from "@aws-sdk/credential-providers";
import { each } from "./cases.mjs";

await each("@aws-sdk/client-sts", "aws", async (one) => {
  const settings = { endpoint: one.url, region: "eu-central-1" };
  const credentials = fromTokenFile({
    webIdentityTokenFile: one.job,
    roleArn: one.aws_role,
    roleSessionName: "job",
    clientConfig: settings,
  });
  const client = new STSClient({ ...settings, credentials });
  return (await client.send(new GetCallerIdentityCommand({}))).Arn;
});

await each("@aws-sdk/credential-providers", "credentials", async (one) => {
  const keys = fromHttp({
    awsContainerCredentialsFullUri: `${one.url}/aws/credentials/${one.credentials}`,
    awsContainerAuthorizationTokenFile: one.job,
  });
  return (await keys()).accessKeyId;
});
