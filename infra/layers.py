"""The two layers of every function."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.dependencies import LOCK, ROOT, Platform, dependencies_layer
from infra.deployment_settings import DeploymentSettings

NOT_SHIPPED = ["**/__pycache__", "**/*.pyc", "**/.*"]


class Layers(Construct):
    """`dependencies` from PyPI, locked; `billing_sync`, our shared code."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: DeploymentSettings
    ) -> None:
        super().__init__(scope, construct_id)
        runtime = lambda_.Runtime(settings.runtime, lambda_.RuntimeFamily.PYTHON)
        self.all: list[lambda_.ILayerVersion] = [
            lambda_.LayerVersion(
                self,
                "Dependencies",
                code=lambda_.Code.from_asset(self._dependencies(settings)),
                compatible_runtimes=[runtime],
                description="What the functions need from PyPI, locked with hashes",
            ),
            lambda_.LayerVersion(
                self,
                "BillingSync",
                code=lambda_.Code.from_asset(
                    str(ROOT / "layers" / "billing_sync"), exclude=NOT_SHIPPED
                ),
                compatible_runtimes=[runtime],
                description="The code the functions share",
            ),
        ]

    def _dependencies(self, settings: DeploymentSettings) -> str:
        """The built layer, or its source when this synth does not deploy (`cdk destroy`)."""
        if not Stack.of(self).bundling_required:
            return str(LOCK.parent)
        if settings.sandbox:
            return str(dependencies_layer(Platform.of_this_machine()))
        target = Platform.of_lambda(runtime=settings.runtime, architecture=settings.architecture)
        return str(dependencies_layer(target))
