"""A simulated dessert chain with a known truth, for the demo and the tests."""

from regulars.demo.chain import Chain, deliver, simulate

__all__ = ["Chain", "deliver", "simulate"]
