"""The bucket of the reports, and the topics for notifications and alarms."""

from __future__ import annotations

from aws_cdk import Aws, Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class ReportBucket(Construct):
    """Private, versioned, outlives the stack; reports expire after `retention`."""

    def __init__(
        self, scope: Construct, construct_id: str, *, retention: Duration, key: kms.IKey | None
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = private_bucket(self, retention=retention, key=key)


def private_bucket(scope: Construct, *, retention: Duration, key: kms.IKey | None) -> s3.Bucket:
    """A versioned bucket that outlives the stack and whose objects expire after `retention`."""
    return s3.Bucket(
        scope,
        "Bucket",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.KMS if key else s3.BucketEncryption.S3_MANAGED,
        encryption_key=key,
        bucket_key_enabled=bool(key),
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[
            s3.LifecycleRule(
                expiration=retention,
                noncurrent_version_expiration=retention,
                abort_incomplete_multipart_upload_after=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN,
    )


class Notifications(Construct):
    """A topic for finished runs, or for alarms; other subscribers may be added by hand."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stack_name: str,
        email: str,
        key: kms.IKey | None,
    ) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(
            self, "Topic", display_name=stack_name, enforce_ssl=True, master_key=key
        )
        # A topic policy of our own (enforce_ssl) replaces the default one, which
        # allows the account's alarms: without this statement no alarm would be sent.
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            )
        )
        if email:
            self.topic.add_subscription(subscriptions.EmailSubscription(email))
