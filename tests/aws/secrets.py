"""Secrets Manager: versions and their stages, deletion that can be taken back."""

from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.aws.errors import AwsError

Page = dict[str, Any]
_PREFIX = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
_SUFFIX = "-AbCdEf"
CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


@dataclass(slots=True)
class Secret:
    """Values by version, versions by stage."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    deleted: bool = False


class SecretsManager:
    """Secrets by name."""

    def __init__(self) -> None:
        self._secrets: dict[str, Secret] = {}
        self._numbers = count(1)

    def copied(self) -> Any:
        """What there is now."""
        return deepcopy(self._secrets)

    def restore(self, copy: Any) -> None:
        """Go back to such a copy."""
        self._secrets = deepcopy(copy)

    def create_secret(self, *, Name: str, SecretString: str = "", **_: object) -> Page:  # noqa: N803
        """A secret, without a value where none is given."""
        self._secrets[Name] = Secret(Name)
        if SecretString:
            self.put_secret_value(SecretId=Name, SecretString=SecretString)
        return {"Name": Name, "ARN": _arn(Name)}

    def put_secret_value(self, *, SecretId: str, SecretString: str, **_: object) -> Page:  # noqa: N803
        """A new version, current from now on."""
        secret = self._usable(SecretId)
        version = f"00000000-0000-4000-b000-{next(self._numbers):012d}"
        secret.values[version] = SecretString
        self._move(secret, CURRENT, to=version)
        return {"Name": secret.name, "VersionId": version, "VersionStages": [CURRENT]}

    def get_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803
        VersionId: str = "",  # noqa: N803
        VersionStage: str = CURRENT,  # noqa: N803
    ) -> Page:
        """The value of a version or stage."""
        secret = self._usable(SecretId)
        version = VersionId or secret.stages.get(VersionStage, "")
        if version not in secret.values:
            missing = f"the specified secret value for staging label: {VersionStage}"
            text = f"Secrets Manager can't find {missing}"
            raise AwsError("ResourceNotFoundException", text)
        stages = [stage for stage, at in secret.stages.items() if at == version]
        value = {"SecretString": secret.values[version], "VersionStages": stages}
        return {"Name": secret.name, "ARN": _arn(secret.name), "VersionId": version, **value}

    def describe_secret(self, *, SecretId: str) -> Page:  # noqa: N803
        """The stages of each version that has one."""
        secret = self._secret(SecretId)
        stages: dict[str, list[str]] = {}
        for stage, version in secret.stages.items():
            stages.setdefault(version, []).append(stage)
        described = {"VersionIdsToStages": stages} if stages else {}
        return {"Name": secret.name, "ARN": _arn(secret.name), **described}

    def update_secret_version_stage(
        self,
        *,
        SecretId: str,  # noqa: N803
        VersionStage: str,  # noqa: N803
        MoveToVersionId: str = "",  # noqa: N803
        RemoveFromVersionId: str = "",  # noqa: N803
    ) -> Page:
        """Move a stage to another version, or take it away."""
        secret = self._usable(SecretId)
        if VersionStage in secret.stages and secret.stages[VersionStage] != RemoveFromVersionId:
            raise AwsError("InvalidParameterException", f"{VersionStage} is at another version")
        if MoveToVersionId:
            self._move(secret, VersionStage, to=MoveToVersionId)
        else:
            del secret.stages[VersionStage]
        return {"Name": secret.name, "ARN": _arn(secret.name)}

    def delete_secret(
        self,
        *,
        SecretId: str,  # noqa: N803
        ForceDeleteWithoutRecovery: bool = False,  # noqa: N803
    ) -> Page:
        """Schedule it for deletion, until when it can be restored and not be used; or at once."""
        self._secret(SecretId).deleted = True
        if ForceDeleteWithoutRecovery:
            del self._secrets[SecretId]
        return {"Name": SecretId, "ARN": _arn(SecretId)}

    def restore_secret(self, *, SecretId: str) -> Page:  # noqa: N803
        """It is usable again."""
        self._secret(SecretId).deleted = False
        return {"Name": SecretId, "ARN": _arn(SecretId)}

    def _move(self, secret: Secret, stage: str, *, to: str) -> None:
        if stage == CURRENT and CURRENT in secret.stages:
            secret.stages[PREVIOUS] = secret.stages[CURRENT]
        secret.stages[stage] = to

    def _secret(self, name: str) -> Secret:
        name = name.removeprefix(_PREFIX).removesuffix(_SUFFIX)
        if name not in self._secrets:
            text = "Secrets Manager can't find the specified secret."
            raise AwsError("ResourceNotFoundException", text)
        return self._secrets[name]

    def _usable(self, name: str) -> Secret:
        secret = self._secret(name)
        if secret.deleted:
            text = (
                "You can't perform this operation on the secret because it was marked for deletion."
            )
            raise AwsError("InvalidRequestException", text)
        return secret


def _arn(name: str) -> str:
    return f"{_PREFIX}{name}{_SUFFIX}"
