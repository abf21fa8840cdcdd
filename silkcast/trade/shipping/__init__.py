# SPDX-License-Identifier: Apache-2.0
"""Shipping: parcels from the seller's door to the buyer's, and back.

A *rate* is what a carrier asks for a service; an *option* is a rate with a *promise*, the window of days in
the receiver's own zone. A *parcel* is booked with a carrier and followed by its *track*. Track may arrive
late, twice and in any order: a parcel's state depends on the set of its events alone, and once it is
delivered it stays delivered. A promise is judged once, on the receiver's calendar.
"""
