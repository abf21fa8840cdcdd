# SPDX-License-Identifier: Apache-2.0
"""`python -m silkcast.faces.api` prints the document, as docs/reference/openapi.json keeps it."""

import json

from .routes import document

if __name__ == "__main__":
    print(json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True))
