# SPDX-License-Identifier: Apache-2.0
"""Flows: stories across modules, told as steps with their undoing.

A *scene* is what a flow may reach: the database, the files, the engines outside. A *step* opens its own
transactions, may run twice, and may be undone twice. The *progress* of a flow is a row, so that after a
restart it goes on where it stood. The truth of an order is the order's own state, never a flow's progress.
"""
