"""What the systems do in a second, each figure beside the bare database: `python -m benchmarks`.

Everything runs on one machine, clients included: the figures are for comparing two versions on one machine.
"""
