"""The two vendors' credentials: created empty, filled by a person."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct


class VendorSecrets(Construct):
    """One secret for each vendor, without a value until a person sets it."""

    def __init__(
        self, scope: Construct, construct_id: str, *, stack_name: str, key: kms.IKey | None
    ) -> None:
        super().__init__(scope, construct_id)
        self.huntress = self._secret(
            "Huntress",
            description=f"{stack_name}: Huntress api_key, api_secret",
            key=key,
        )
        self.connectwise = self._secret(
            "ConnectWise",
            description=(
                f"{stack_name}: ConnectWise site, login_company, public_key, private_key, client_id"
            ),
            key=key,
        )

    def _secret(
        self, name: str, *, description: str, key: kms.IKey | None
    ) -> secretsmanager.CfnSecret:
        # The Secret construct always generates a value, which would look like credentials.
        secret = secretsmanager.CfnSecret(
            self, name, description=description, kms_key_id=key.key_arn if key else None
        )
        secret.apply_removal_policy(RemovalPolicy.RETAIN)
        return secret
