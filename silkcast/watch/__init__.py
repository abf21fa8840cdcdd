# SPDX-License-Identifier: Apache-2.0
"""Those who listen to everybody: insight, notices, audit."""
