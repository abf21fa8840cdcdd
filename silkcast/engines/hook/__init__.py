# SPDX-License-Identifier: Apache-2.0
"""Hook engines: who carries news to the programs of sellers."""
