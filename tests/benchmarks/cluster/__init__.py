"""More than one machine: exactness, faults, memory, efficiency, overhead, object stores."""
