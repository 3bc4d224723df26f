"""What commands say and write: progress, reports, result files and who has them, pictures, exit codes.

May import `cli.options`, `figures` and the library.
"""
