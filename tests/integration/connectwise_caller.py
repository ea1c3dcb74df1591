"""Calls the stand-in for ConnectWise as the tests of it need."""


class Caller:
    """Calls below one codebase with one set of credentials."""

    def __init__(self, session, fake, *, codebase="v2025_1"):
        self.session = session
        self.base = f"{fake.url}/{codebase}/apis/3.0"

    def get(self, path, **query):
        return self.session.get(self.base + path, params=query, timeout=5)

    def replace(self, path, name, value, *, op="replace"):
        body = [{"op": op, "path": name, "value": value}]
        return self.session.patch(self.base + path, json=body, timeout=5)

    def bundle(self, *agreement_ids, resource="addition"):
        wanted = [
            {
                "sequenceNumber": each,
                "resourceType": resource,
                "apiRequest": {"parentId": each, "page": {"page": 1, "pageSize": 1000}},
            }
            for each in agreement_ids
        ]
        return self.session.post(
            f"{self.base}/system/bundles", json={"requests": wanted}, timeout=5
        )
