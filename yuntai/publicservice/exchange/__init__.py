"""The data exchange hub (数据交换枢纽): who else must know of a message gets it, verbatim."""
