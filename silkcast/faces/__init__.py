# SPDX-License-Identifier: Apache-2.0
"""How people and programs come in: shop, live, studio, desk, api, hooks, cli."""
