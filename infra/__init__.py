"""The AWS CDK app: what is deployed, and who may reach what."""
