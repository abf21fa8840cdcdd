# SPDX-License-Identifier: Apache-2.0
"""The sandbox carrier: a program that takes parcels, carries them through time and says so.

    python -m silkcast.engines.carrier.provider --data DIR --port N --callback URL --secret S --day-seconds 6

A journey takes its days; a day takes `--day-seconds` (86400 is real life, 6 brings a parcel home in about a
minute). The receiver's street may carry a word that decides how it ends, whatever else it says:

- `SANDBOX-LATE`: held at the border until well after any promise
- `SANDBOX-LOST`: lost on the way
- `SANDBOX-REFUSED`: nobody takes it, it goes back to the sender
- `SANDBOX-ABSENT`: the first attempt fails, the next day's does not

Callbacks can be made bad on purpose, for all parcels: `--faults doubled,disordered,late` or POST
/sandbox/faults. Everything told can also be asked for.
"""
