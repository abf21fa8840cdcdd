# SPDX-License-Identifier: Apache-2.0
"""Account: registering, logging in by password or code, logging out."""
