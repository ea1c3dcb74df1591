"""What the product asks of S3 and Secrets Manager: each script is a sentence of the contract."""

from tests.aws.contract import Difference, Script, Session


def objects_are_kept_replaced_and_listed_by_prefix(aws: Session) -> None:
    aws("s3", "create_bucket", Bucket="bucket")
    for name, text in (("runs/2/a", "one"), ("runs/1/b", "two"), ("runs/2/a", "three")):
        aws(
            "s3",
            "put_object",
            Bucket="bucket",
            Key=name,
            Body=text.encode(),
            ContentType="text/csv",
        )
    aws("s3", "get_object", Bucket="bucket", Key="runs/2/a")
    aws.answers[-1] = [aws.answers[-1][1][name] for name in ("Body", "ContentType")]  # type: ignore[index]
    for prefix in ("runs/1", "runs/", "nobody"):
        reply = aws("s3", "list_objects_v2", Bucket="bucket", Prefix=prefix)
        aws.answers[-1] = [[one["Key"], one["Size"]] for one in reply.get("Contents", [])]
    aws("s3", "get_object", Bucket="bucket", Key="nobody")
    aws("s3", "get_object", Bucket="nobody", Key="a")


def a_secret_without_a_value_has_no_version(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s")
    aws.answers.clear()
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "get_secret_value", SecretId="nobody")


def the_newest_value_of_a_secret_is_current(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s", SecretString="1")
    aws.answers.clear()
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "put_secret_value", SecretId="s", SecretString="2")
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "get_secret_value", SecretId="s", VersionStage="AWSPREVIOUS")
    reply = aws("secretsmanager", "describe_secret", SecretId="s")
    aws.answers[-1] = sorted(reply["VersionIdsToStages"].values())


def a_deleted_secret_is_unusable_until_it_is_restored(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s", SecretString="1")
    aws.answers.clear()
    aws("secretsmanager", "delete_secret", SecretId="s")
    aws.answers.clear()
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "restore_secret", SecretId="s")
    aws("secretsmanager", "get_secret_value", SecretId="s")
    aws("secretsmanager", "delete_secret", SecretId="s", ForceDeleteWithoutRecovery=True)
    aws.answers.pop()
    aws("secretsmanager", "get_secret_value", SecretId="s")


def a_stage_is_moved_back_to_an_earlier_version(aws: Session) -> None:
    aws("secretsmanager", "create_secret", Name="s", SecretString="1")
    first = aws("secretsmanager", "get_secret_value", SecretId="s")["VersionId"]
    second = aws("secretsmanager", "put_secret_value", SecretId="s", SecretString="2")["VersionId"]
    aws.answers.clear()
    aws(
        "secretsmanager",
        "update_secret_version_stage",
        SecretId="s",
        VersionStage="AWSCURRENT",
        MoveToVersionId=first,
        RemoveFromVersionId=second,
    )
    aws("secretsmanager", "get_secret_value", SecretId="s")


AGREED: tuple[Script, ...] = (
    objects_are_kept_replaced_and_listed_by_prefix,
    a_secret_without_a_value_has_no_version,
    the_newest_value_of_a_secret_is_current,
    a_deleted_secret_is_unusable_until_it_is_restored,
)
DIFFERENCES: dict[Script, Difference] = {
    a_stage_is_moved_back_to_an_earlier_version: Difference(
        "moto forgets which version is current after a stage was moved",
        "https://docs.aws.amazon.com/secretsmanager/latest/apireference/"
        "API_UpdateSecretVersionStage.html",
    ),
}
