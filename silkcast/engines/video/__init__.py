# SPDX-License-Identifier: Apache-2.0
"""Video engines: what takes in a show's picture and sound and hands out what a browser can play."""
