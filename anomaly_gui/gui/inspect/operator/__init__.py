"""What the operator's page is made of: verdict, part, shift, the last parts, keys, sound.

May import what `gui.inspect` may, and knows neither menus nor docks.
"""
