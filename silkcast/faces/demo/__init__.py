# SPDX-License-Identifier: Apache-2.0
"""The demo world: three invented shops of Chinese sellers, their goods, buyers, shows and pictures.

`world/` holds the facts (TOML), `pictures/` what the goods look like, `scenes/` the record of how they were
rendered. Everything here is of our own making and in the public domain (CC0)."""
