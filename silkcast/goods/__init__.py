# SPDX-License-Identifier: Apache-2.0
"""What there is, how many, at what price: catalog, stock, pricing, duties."""
