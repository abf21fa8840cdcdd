# SPDX-License-Identifier: Apache-2.0
"""Examples of what the API takes, as the document shows them."""

from collections.abc import Mapping
from typing import Any

SOME = "01938f6e-6c1c-7d4e-9a55-3c8d1f0e2b77"

EXAMPLES: Mapping[str, Any] = {
    "Amount": {"amount": "48.00", "currency": "EUR"},
    "NewProduct": {
        "slug": "celadon-travel-tea-set",
        "names": {"en": "Celadon travel tea set", "zh": "青瓷旅行茶具"},
        "descriptions": {"en": "A pot and two cups that fit into one another."},
        "hs_code": "691110",
        "origin": "CN",
        "variants": [
            {
                "sku": "TEA-CEL",
                "net_grams": 620,
                "gross_grams": 920,
                "size": {"length_mm": 180, "width_mm": 180, "height_mm": 160},
                "options": {"colour": {"en": "Celadon", "fr": "Céladon"}},
            }
        ],
    },
    "Receipt": {"variant": SOME, "warehouse": SOME, "units": 40, "why": "kiln 12"},
    "Adjustment": {"variant": SOME, "warehouse": SOME, "change": -1, "why": "broken in the count"},
    "NewShow": {"titles": {"en": "Evening tea"}, "starts_at": "2026-12-01T12:00:00Z", "run": [SOME]},
    "NewAppeal": {"market": "FR", "words": "The registration is in the mail of 12 November."},
    "NewPin": {"product": SOME},
    "PinnedLine": {"line": SOME},
    "NewBan": {"line": SOME, "length": "short", "reason": "sells something else"},
    "NewDeal": {
        "lanes": [
            {
                "variant": SOME,
                "product": SOME,
                "units": 200,
                "prices": {"FR": {"amount": "38.40", "currency": "EUR"}},
            }
        ],
        "limit": 1,
        "countdown_seconds": 30,
        "length_seconds": 300,
        "has_waitlist": True,
    },
    "NewClosure": {"reason": "The port is on strike", "link": "/shop/kiln-paris"},
    "Reopening": {"reason": "The strike is over"},
    "MoreUnits": {"lane": 12, "units": 20},
    "NewCoupon": {
        "code": "TEA10",
        "total": 50,
        "starts_at": "2026-12-01T12:00:00Z",
        "ends_at": "2026-12-01T13:00:00Z",
        "percent": 10,
    },
    "ReturnAnswer": {"answer": "accept", "note": "Use the label we send you."},
    "NewHook": {"url": "https://erp.example/silkcast", "kinds": ["order.paid", "stock.low"]},
    "NewCheckout": {
        "market": "FR",
        "wanted": [{"variant": SOME, "units": 1}],
        "buyer_name": "Camille Moreau",
        "email": "camille@example.org",
        "ship_to": {
            "country": "FR",
            "name": "Camille Moreau",
            "street": "3 rue des Lilas",
            "city": "Lyon",
            "postcode": "69003",
            "phone": "+33612345678",
        },
        "delivery": "sandbox/economy",
        "method": "card",
        "language": "fr",
        "shown": {"amount": "65.88", "currency": "EUR"},
    },
}
