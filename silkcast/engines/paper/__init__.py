# SPDX-License-Identifier: Apache-2.0
"""Paper: what labels and forms share. Letters of several scripts, boxes, bar codes."""
