# SPDX-License-Identifier: Apache-2.0
"""What `silkcast doctor` looks at: the machine, the settings, the database. Each check gives findings."""
