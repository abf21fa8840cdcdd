# SPDX-License-Identifier: Apache-2.0
"""Payment engines: one file a provider. The sandbox is a provider of our own, in the folder beside it."""
