# SPDX-License-Identifier: Apache-2.0
"""Settings: one TOML file and the environment, read once into frozen dataclasses.

A module describes its settings as a frozen dataclass with defaults that work; main names the sections.
The environment (`SILKCAST_<SECTION>__<KEY>`) wins over the file, the file over the default, and each value
knows where it came from. Names carry their unit: `timeout_seconds`, `cache_mb`. What nobody knows is refused
with the nearest name somebody does.
"""

from silkcast.plumbing.settings.loading import (
    BadSettings,
    Origin,
    Secret,
    Settings,
    Value,
    load_settings,
)

__all__ = ["BadSettings", "Origin", "Secret", "Settings", "Value", "load_settings"]
