# SPDX-License-Identifier: Apache-2.0
"""What may be said at once, what the host looks at first, and what is too much. Pure."""
