"""What the settings and the mappings in the config table have in common."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
BillingCycles = Annotated[
    list[Text], Field(description="agreement billing cycles that are updated without approval")
]
ChangedBy = Annotated[str, Field(description="who made the latest change")]
CHANGED_AT = Field(description="when the latest change was made")


class ConfigItem(BaseModel):
    """Unknown attributes are refused: a misspelt rule would otherwise have no effect."""

    model_config = ConfigDict(extra="forbid")

    pk: str
    sk: str
