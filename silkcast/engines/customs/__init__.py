# SPDX-License-Identifier: Apache-2.0
"""Customs ports: `sandbox` speaks to the sandbox customs, `port` is that customs, `form` prints the CN23."""
