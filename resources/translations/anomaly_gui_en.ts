<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
 <context>
  <name>AccessDesk</name>
  <message>
   <source>Results name who is signed in at %1. Five wrong passwords lock a person for a time.</source>
   <translation>Results name who is signed in at %1. Five wrong passwords lock a person for a time.</translation>
  </message>
  <message>
   <source>Sign in</source>
   <translation>Sign in</translation>
  </message>
  <message>
   <source>An engineer who found out why signs that %1 goes on. It was locked: %2</source>
   <translation>An engineer who found out why signs that %1 goes on. It was locked: %2</translation>
  </message>
  <message>
   <source>Unlock the station</source>
   <translation>Unlock the station</translation>
  </message>
  <message>
   <source>Unlock</source>
   <translation>Unlock</translation>
  </message>
  <message>
   <source>An engineer approves the settings, the model with its threshold and region of interest, and the outputs of %1, as they are now. It judges with nothing else.</source>
   <translation>An engineer approves the settings, the model with its threshold and region of interest, and the outputs of %1, as they are now. It judges with nothing else.</translation>
  </message>
  <message>
   <source>Approve</source>
   <translation>Approve</translation>
  </message>
 </context>
 <context>
  <name>AlarmList</name>
  <message>
   <source>Alarms</source>
   <translation>Alarms</translation>
  </message>
  <message>
   <source>None.</source>
   <translation>None.</translation>
  </message>
 </context>
 <context>
  <name>AuditModel</name>
  <message>
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <source>Who</source>
   <translation>Who</translation>
  </message>
  <message>
   <source>What</source>
   <translation>What</translation>
  </message>
  <message>
   <source>Before</source>
   <translation>Before</translation>
  </message>
  <message>
   <source>After</source>
   <translation>After</translation>
  </message>
  <message>
   <source>Why</source>
   <translation>Why</translation>
  </message>
 </context>
 <context>
  <name>AuditPage</name>
  <message>
   <source>Audit</source>
   <translation>Audit</translation>
  </message>
  <message>
   <source>All entries</source>
   <translation>All entries</translation>
  </message>
  <message>
   <source>Alarms</source>
   <translation>Alarms</translation>
  </message>
  <message>
   <source>Warnings of drift</source>
   <translation>Warnings of drift</translation>
  </message>
  <message>
   <source>Which entries</source>
   <translation>Which entries</translation>
  </message>
  <message>
   <source>Newer entries</source>
   <translation>Newer entries</translation>
  </message>
  <message>
   <source>Older entries</source>
   <translation>Older entries</translation>
  </message>
 </context>
 <context>
  <name>BusyBar</name>
  <message>
   <source>Cancel</source>
   <translation>Cancel</translation>
  </message>
  <message>
   <source>Stop; what was there before stays as it is (Esc)</source>
   <translation>Stop; what was there before stays as it is (Esc)</translation>
  </message>
  <message>
   <source>Stop, keep the best</source>
   <translation>Stop, keep the best</translation>
  </message>
  <message>
   <source>End the learning now; the network takes the weights of its best epoch</source>
   <translation>End the learning now; the network takes the weights of its best epoch</translation>
  </message>
  <message>
   <source>Stopping…</source>
   <translation>Stopping…</translation>
  </message>
  <message numerus="yes">
   <source>%n more waiting</source>
   <translation>
    <numerusform>%n more waiting</numerusform>
    <numerusform>%n more waiting</numerusform>
   </translation>
  </message>
  <message>
   <source>%1: %2</source>
   <translation>%1: %2</translation>
  </message>
  <message>
   <source>%1 images/s</source>
   <translation>%1 images/s</translation>
  </message>
  <message>
   <source>, %1 left</source>
   <translation>, %1 left</translation>
  </message>
  <message>
   <source>, at most %1 left</source>
   <translation>, at most %1 left</translation>
  </message>
  <message>
   <source>about %1 left</source>
   <translation>about %1 left</translation>
  </message>
 </context>
 <context>
  <name>CameraBar</name>
  <message>
   <source>Next part</source>
   <translation>Next part</translation>
  </message>
  <message>
   <source>scan or type</source>
   <translation>scan or type</translation>
  </message>
  <message>
   <source>Take a picture</source>
   <translation>Take a picture</translation>
  </message>
 </context>
 <context>
  <name>CameraDesk</name>
  <message>
   <source>“%1” goes with the next picture.</source>
   <translation>“%1” goes with the next picture.</translation>
  </message>
  <message>
   <source>No code goes with the next picture.</source>
   <translation>No code goes with the next picture.</translation>
  </message>
  <message>
   <source>A picture was taken: %1</source>
   <translation>A picture was taken: %1</translation>
  </message>
 </context>
 <context>
  <name>CentralArea</name>
  <message>
   <source>Scatter</source>
   <translation>Scatter</translation>
  </message>
  <message>
   <source>ROC and counts</source>
   <translation>ROC and counts</translation>
  </message>
 </context>
 <context>
  <name>ComparisonView</name>
  <message>
   <source>Detectors compared</source>
   <translation>Detectors compared</translation>
  </message>
  <message>
   <source>Use this one</source>
   <translation>Use this one</translation>
  </message>
  <message>
   <source>%1 good images, each judged without it, and %2 defects.</source>
   <translation>%1 good images, each judged without it, and %2 defects.</translation>
  </message>
  <message>
   <source>Learned features: judged on good images they were not learned from.</source>
   <translation>Learned features: judged on good images they were not learned from.</translation>
  </message>
  <message>
   <source>Detector</source>
   <translation>Detector</translation>
  </message>
  <message>
   <source>Train with the chosen row (double click)</source>
   <translation>Train with the chosen row (double click)</translation>
  </message>
  <message>
   <source>Network</source>
   <translation>Network</translation>
  </message>
  <message>
   <source>Layer</source>
   <translation>Layer</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Size</translation>
  </message>
  <message>
   <source>AUROC</source>
   <translation>AUROC</translation>
  </message>
  <message>
   <source>Found</source>
   <translation>Found</translation>
  </message>
  <message>
   <source>Images/s</source>
   <translation>Images/s</translation>
  </message>
  <message>
   <source>MB</source>
   <translation>MB</translation>
  </message>
  <message>
   <source>Learning</source>
   <translation>Learning</translation>
  </message>
  <message>
   <source>images a second on this machine</source>
   <translation>images a second on this machine</translation>
  </message>
  <message>
   <source>defects found, %</source>
   <translation>defects found, %</translation>
  </message>
 </context>
 <context>
  <name>ConditionStrip</name>
  <message>
   <source>Start the station</source>
   <translation>Start the station</translation>
  </message>
  <message>
   <source>Approve…</source>
   <translation>Approve…</translation>
  </message>
  <message>
   <source>Unlock…</source>
   <translation>Unlock…</translation>
  </message>
  <message>
   <source>It is locked until an engineer signs: %1</source>
   <translation>It is locked until an engineer signs: %1</translation>
  </message>
  <message>
   <source>Call an engineer, who finds out why, and signs: anomaly-gui station unlock, with the file of the line. Until then parts wait, and none is lost.</source>
   <translation>Call an engineer, who finds out why, and signs: anomaly-gui station unlock, with the file of the line. Until then parts wait, and none is lost.</translation>
  </message>
  <message>
   <source>Call an engineer, who finds out why, and signs. Until then parts wait, and none is lost.</source>
   <translation>Call an engineer, who finds out why, and signs. Until then parts wait, and none is lost.</translation>
  </message>
  <message>
   <source>Take parts from the line by hand until it judges again.</source>
   <translation>Take parts from the line by hand until it judges again.</translation>
  </message>
 </context>
 <context>
  <name>Corrections</name>
  <message>
   <source>Another model came meanwhile; the copies are kept in %1.</source>
   <translation>Another model came meanwhile; the copies are kept in %1.</translation>
  </message>
  <message numerus="yes">
   <source>put aside %n image(s)</source>
   <translation>
    <numerusform>put aside %n image</numerusform>
    <numerusform>put aside %n images</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n image(s) put aside for the next training.</source>
   <translation>
    <numerusform>%n image put aside for the next training.</numerusform>
    <numerusform>%n images put aside for the next training.</numerusform>
   </translation>
  </message>
  <message>
   <source>What was put aside cannot be kept: %1.</source>
   <translation>What was put aside cannot be kept: %1.</translation>
  </message>
  <message>
   <source>What was put aside cannot be read: %1.</source>
   <translation>What was put aside cannot be read: %1.</translation>
  </message>
  <message>
   <source>%1 cannot be put aside (%2): check the drive and its space.</source>
   <translation>%1 cannot be put aside (%2): check the drive and its space.</translation>
  </message>
 </context>
 <context>
  <name>CountsPanel</name>
  <message>
   <source>Yield</source>
   <translation>Yield</translation>
  </message>
  <message>
   <source>Good ones of all that were judged good, defect or not sure</source>
   <translation>Good ones of all that were judged good, defect or not sure</translation>
  </message>
  <message>
   <source>New shift…</source>
   <translation>New shift…</translation>
  </message>
  <message>
   <source>Count from zero, from now on</source>
   <translation>Count from zero, from now on</translation>
  </message>
  <message>
   <source>since %1</source>
   <translation>since %1</translation>
  </message>
  <message>
   <source>Begin a new shift</source>
   <translation>Begin a new shift</translation>
  </message>
  <message>
   <source>Count from zero, from now on? The records stay as they are.</source>
   <translation>Count from zero, from now on? The records stay as they are.</translation>
  </message>
 </context>
 <context>
  <name>CrashReport</name>
  <message>
   <source>A mistake of ours</source>
   <translation>A mistake of ours</translation>
  </message>
  <message>
   <source>Something went wrong inside the program. Your model, threshold and labels are still here.</source>
   <translation>Something went wrong inside the program. Your model, threshold and labels are still here.</translation>
  </message>
  <message>
   <source>The report is kept in %1.</source>
   <translation>The report is kept in %1.</translation>
  </message>
  <message>
   <source>Copy report</source>
   <translation>Copy report</translation>
  </message>
 </context>
 <context>
  <name>DetectorAdvice</name>
  <message>
   <source>Use %1</source>
   <translation>Use %1</translation>
  </message>
 </context>
 <context>
  <name>Docks</name>
  <message>
   <source>Gallery</source>
   <translation>Gallery</translation>
  </message>
  <message>
   <source>Table</source>
   <translation>Table</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Model</translation>
  </message>
  <message>
   <source>Inspector</source>
   <translation>Inspector</translation>
  </message>
  <message>
   <source>Images</source>
   <translation>Images</translation>
  </message>
 </context>
 <context>
  <name>Documents</name>
  <message>
   <source>new model</source>
   <translation>new model</translation>
  </message>
  <message>
   <source>Open a model</source>
   <translation>Open a model</translation>
  </message>
  <message>
   <source>Save the model</source>
   <translation>Save the model</translation>
  </message>
  <message>
   <source>Models (*%1)</source>
   <translation>Models (*%1)</translation>
  </message>
  <message>
   <source>Export the table</source>
   <translation>Export the table</translation>
  </message>
  <message>
   <source>Export the plot</source>
   <translation>Export the plot</translation>
  </message>
  <message>
   <source>Saved to %1.</source>
   <translation>Saved to %1.</translation>
  </message>
 </context>
 <context>
  <name>DriftPage</name>
  <message>
   <source>What changed</source>
   <translation>What changed</translation>
  </message>
  <message>
   <source>Brightness</source>
   <translation>Brightness</translation>
  </message>
  <message>
   <source>Contrast</source>
   <translation>Contrast</translation>
  </message>
  <message>
   <source>Sharpness</source>
   <translation>Sharpness</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Score</translation>
  </message>
 </context>
 <context>
  <name>EngineerPage</name>
  <message>
   <source>History</source>
   <translation>History</translation>
  </message>
  <message>
   <source>Drift</source>
   <translation>Drift</translation>
  </message>
  <message>
   <source>Alarms and audit</source>
   <translation>Alarms and audit</translation>
  </message>
  <message>
   <source>How people judge</source>
   <translation>How people judge</translation>
  </message>
  <message>
   <source>Export results</source>
   <translation>Export results</translation>
  </message>
  <message>
   <source>Shift report of %1</source>
   <translation>Shift report of %1</translation>
  </message>
  <message>
   <source>Write the report</source>
   <translation>Write the report</translation>
  </message>
 </context>
 <context>
  <name>ExpertFold</name>
  <message>
   <source>Expert</source>
   <translation>Expert</translation>
  </message>
  <message>
   <source>Network, layer, density and the like: automatic until you choose</source>
   <translation>Network, layer, density and the like: automatic until you choose</translation>
  </message>
  <message>
   <source>Back to automatic</source>
   <translation>Back to automatic</translation>
  </message>
  <message>
   <source>Changed: %1</source>
   <translation>Changed: %1</translation>
  </message>
 </context>
 <context>
  <name>FactList</name>
  <message>
   <source>File</source>
   <translation>File</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Score</translation>
  </message>
  <message>
   <source>Rank</source>
   <translation>Rank</translation>
  </message>
  <message>
   <source>Size</source>
   <translation>Size</translation>
  </message>
  <message>
   <source>Date</source>
   <translation>Date</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Folder</translation>
  </message>
  <message>
   <source>Open folder</source>
   <translation>Open folder</translation>
  </message>
  <message>
   <source>above %1 of %2 good images</source>
   <translation>above %1 of %2 good images</translation>
  </message>
  <message>
   <source>the file is gone</source>
   <translation>the file is gone</translation>
  </message>
 </context>
 <context>
  <name>FilterBar</name>
  <message>
   <source>Part</source>
   <translation>Part</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <source>From</source>
   <translation>From</translation>
  </message>
  <message>
   <source>To</source>
   <translation>To</translation>
  </message>
  <message>
   <source>Any time</source>
   <translation>Any time</translation>
  </message>
  <message>
   <source>Since the shift began</source>
   <translation>Since the shift began</translation>
  </message>
  <message>
   <source>Today</source>
   <translation>Today</translation>
  </message>
  <message>
   <source>Yesterday</source>
   <translation>Yesterday</translation>
  </message>
  <message>
   <source>The last 7 days</source>
   <translation>The last 7 days</translation>
  </message>
  <message>
   <source>Between two moments</source>
   <translation>Between two moments</translation>
  </message>
  <message>
   <source>All verdicts</source>
   <translation>All verdicts</translation>
  </message>
  <message>
   <source>All but good</source>
   <translation>All but good</translation>
  </message>
 </context>
 <context>
  <name>FolderField</name>
  <message>
   <source>Folder…</source>
   <translation>Folder…</translation>
  </message>
  <message>
   <source>Folder: %1</source>
   <translation>Folder: %1</translation>
  </message>
  <message>
   <source>Choose a folder; folders and files can be dropped here as well</source>
   <translation>Choose a folder; folders and files can be dropped here as well</translation>
  </message>
  <message>
   <source>Take the folders away again</source>
   <translation>Take the folders away again</translation>
  </message>
  <message numerus="yes">
   <source>%n other file(s) passed over</source>
   <translation>
    <numerusform>%n other file passed over</numerusform>
    <numerusform>%n other files passed over</numerusform>
   </translation>
  </message>
  <message>
   <source>looking at them: %1 of %2</source>
   <translation>looking at them: %1 of %2</translation>
  </message>
  <message>
   <source>There is no image in it.</source>
   <translation>There is no image in it.</translation>
  </message>
  <message>
   <source>Take as: %1</source>
   <translation>Take as: %1</translation>
  </message>
 </context>
 <context>
  <name>Gallery</name>
  <message>
   <source>Nothing was dropped yet: drop images or a folder anywhere to have them judged.</source>
   <translation>Nothing was dropped yet: drop images or a folder anywhere to have them judged.</translation>
  </message>
  <message>
   <source>Score images…</source>
   <translation>Score images…</translation>
  </message>
  <message>
   <source>Nothing is selected: drag a rectangle in the plot with Shift held.</source>
   <translation>Nothing is selected: drag a rectangle in the plot with Shift held.</translation>
  </message>
  <message>
   <source>No false alarm at this threshold</source>
   <translation>No false alarm at this threshold</translation>
  </message>
  <message>
   <source>No miss at this threshold</source>
   <translation>No miss at this threshold</translation>
  </message>
  <message>
   <source>Images</source>
   <translation>Images</translation>
  </message>
  <message>
   <source>Wrong | right</source>
   <translation>Wrong | right</translation>
  </message>
  <message>
   <source>All</source>
   <translation>All</translation>
  </message>
  <message>
   <source>Dropped</source>
   <translation>Dropped</translation>
  </message>
  <message>
   <source>Selection</source>
   <translation>Selection</translation>
  </message>
  <message numerus="yes">
   <source>%n image(s)</source>
   <translation>
    <numerusform>%n image</numerusform>
    <numerusform>%n images</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>HelpActions</name>
  <message>
   <source>Guided first run</source>
   <translation>Guided first run</translation>
  </message>
  <message>
   <source>Key sheet</source>
   <translation>Key sheet</translation>
  </message>
  <message>
   <source>Copy details for a report</source>
   <translation>Copy details for a report</translation>
  </message>
  <message>
   <source>Copied: paste it into your report. It names no files and holds no images.</source>
   <translation>Copied: paste it into your report. It names no files and holds no images.</translation>
  </message>
  <message>
   <source>In the sample handwritten ones are the good parts, and sevens the defects. It learns the ones alone; that takes half a minute.</source>
   <translation>In the sample handwritten ones are the good parts, and sevens the defects. It learns the ones alone; that takes half a minute.</translation>
  </message>
  <message>
   <source>Show it good parts</source>
   <translation>Show it good parts</translation>
  </message>
  <message>
   <source>Open the sample</source>
   <translation>Open the sample</translation>
  </message>
  <message>
   <source>Next</source>
   <translation>Next</translation>
  </message>
  <message>
   <source>Every dot is an image. What lies beyond the line is a defect: drag the line.</source>
   <translation>Every dot is an image. What lies beyond the line is a defect: drag the line.</translation>
  </message>
  <message>
   <source>Good parts rejected, defects missed, and what to expect of other parts. Every step can be undone with Ctrl+Z.</source>
   <translation>Good parts rejected, defects missed, and what to expect of other parts. Every step can be undone with Ctrl+Z.</translation>
  </message>
  <message>
   <source>Click an image to see it large, beside the good parts most like it. “This was wrong” teaches the next training.</source>
   <translation>Click an image to see it large, beside the good parts most like it. “This was wrong” teaches the next training.</translation>
  </message>
  <message>
   <source>Move the line</source>
   <translation>Move the line</translation>
  </message>
  <message>
   <source>Read the counts</source>
   <translation>Read the counts</translation>
  </message>
  <message>
   <source>Look at what is wrong</source>
   <translation>Look at what is wrong</translation>
  </message>
  <message>
   <source>This page is for the line: drop an image, read the verdict. Lock it, and nothing is changed by accident.</source>
   <translation>This page is for the line: drop an image, read the verdict. Lock it, and nothing is changed by accident.</translation>
  </message>
  <message>
   <source>Inspect</source>
   <translation>Inspect</translation>
  </message>
  <message>
   <source>Finish</source>
   <translation>Finish</translation>
  </message>
 </context>
 <context>
  <name>HelpBrowser</name>
  <message>
   <source>Copy</source>
   <translation>Copy</translation>
  </message>
  <message>
   <source>Select all</source>
   <translation>Select all</translation>
  </message>
 </context>
 <context>
  <name>HelpMenu</name>
  <message>
   <source>Help on this place</source>
   <translation>Help on this place</translation>
  </message>
  <message>
   <source>All help pages</source>
   <translation>All help pages</translation>
  </message>
  <message>
   <source>Keys</source>
   <translation>Keys</translation>
  </message>
  <message>
   <source>Glossary</source>
   <translation>Glossary</translation>
  </message>
 </context>
 <context>
  <name>HelpWindow</name>
  <message>
   <source>Help – Anomaly GUI</source>
   <translation>Help – Anomaly GUI</translation>
  </message>
  <message>
   <source>Help pages</source>
   <translation>Help pages</translation>
  </message>
  <message>
   <source>Pages</source>
   <translation>Pages</translation>
  </message>
  <message>
   <source>Back</source>
   <translation>Back</translation>
  </message>
  <message>
   <source>Forward</source>
   <translation>Forward</translation>
  </message>
  <message>
   <source>Contents</source>
   <translation>Contents</translation>
  </message>
 </context>
 <context>
  <name>HistoryModel</name>
  <message>
   <source>Number</source>
   <translation>Number</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Part</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Score</translation>
  </message>
  <message>
   <source>Remark</source>
   <translation>Remark</translation>
  </message>
 </context>
 <context>
  <name>HistoryPage</name>
  <message>
   <source>Results</source>
   <translation>Results</translation>
  </message>
  <message>
   <source>Newer results</source>
   <translation>Newer results</translation>
  </message>
  <message>
   <source>Older results</source>
   <translation>Older results</translation>
  </message>
  <message>
   <source>Export…</source>
   <translation>Export…</translation>
  </message>
  <message>
   <source>Write what is searched for as a table (CSV)</source>
   <translation>Write what is searched for as a table (CSV)</translation>
  </message>
  <message>
   <source>Shift report…</source>
   <translation>Shift report…</translation>
  </message>
  <message>
   <source>Write the report of what happened in the chosen time as PDF</source>
   <translation>Write the report of what happened in the chosen time as PDF</translation>
  </message>
  <message>
   <source>of %1</source>
   <translation>of %1</translation>
  </message>
 </context>
 <context>
  <name>ImageMap</name>
  <message>
   <source>No map: this model judges the image as a whole. Train with the detector auto to see where.</source>
   <translation>No map: this model judges the image as a whole. Train with the detector auto to see where.</translation>
  </message>
  <message>
   <source>No map: this image could not be judged.</source>
   <translation>No map: this image could not be judged.</translation>
  </message>
  <message>
   <source>No map was kept of this image; it is made when nothing else is at work.</source>
   <translation>No map was kept of this image; it is made when nothing else is at work.</translation>
  </message>
 </context>
 <context>
  <name>ImagesModel</name>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Score</translation>
  </message>
  <message>
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <source>Label</source>
   <translation>Label</translation>
  </message>
  <message>
   <source>Folder</source>
   <translation>Folder</translation>
  </message>
  <message>
   <source>Remark</source>
   <translation>Remark</translation>
  </message>
  <message>
   <source>good</source>
   <translation>good</translation>
  </message>
  <message>
   <source>defect</source>
   <translation>defect</translation>
  </message>
 </context>
 <context>
  <name>ImagesTable</name>
  <message>
   <source>Images</source>
   <translation>Images</translation>
  </message>
  <message>
   <source>Filter by name, folder or verdict</source>
   <translation>Filter by name, folder or verdict</translation>
  </message>
  <message numerus="yes">
   <source>%n image(s)</source>
   <translation>
    <numerusform>%n image</numerusform>
    <numerusform>%n images</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Inspector</name>
  <message>
   <source>1 good</source>
   <translation>1 good</translation>
  </message>
  <message>
   <source>2 defect</source>
   <translation>2 defect</translation>
  </message>
  <message>
   <source>0 none</source>
   <translation>0 none</translation>
  </message>
  <message>
   <source>Label the selected images (key %1)</source>
   <translation>Label the selected images (key %1)</translation>
  </message>
  <message>
   <source>This was wrong</source>
   <translation>This was wrong</translation>
  </message>
  <message>
   <source>Label it as what it is, and put a copy aside for the next training (W)</source>
   <translation>Label it as what it is, and put a copy aside for the next training (W)</translation>
  </message>
  <message>
   <source>Exclude from training</source>
   <translation>Exclude from training</translation>
  </message>
  <message>
   <source>Leave the selected images out of the next training (X)</source>
   <translation>Leave the selected images out of the next training (X)</translation>
  </message>
  <message>
   <source>Take out of the model</source>
   <translation>Take out of the model</translation>
  </message>
  <message>
   <source>Let the model forget the selected images at once, without a training (Shift+X)</source>
   <translation>Let the model forget the selected images at once, without a training (Shift+X)</translation>
  </message>
  <message>
   <source>Click a point or a thumbnail to look at an image.</source>
   <translation>Click a point or a thumbnail to look at an image.</translation>
  </message>
 </context>
 <context>
  <name>Intake</name>
  <message>
   <source>The operator's view is locked: projects and models are opened by who has its PIN.</source>
   <translation>The operator's view is locked: projects and models are opened by who has its PIN.</translation>
  </message>
  <message>
   <source>The operator's view is locked</source>
   <translation>The operator's view is locked</translation>
  </message>
  <message>
   <source>Open the project %1</source>
   <translation>Open the project %1</translation>
  </message>
  <message>
   <source>Open the model %1</source>
   <translation>Open the model %1</translation>
  </message>
  <message>
   <source>Open the station of %1</source>
   <translation>Open the station of %1</translation>
  </message>
  <message>
   <source>Judge with the model in use</source>
   <translation>Judge with the model in use</translation>
  </message>
  <message>
   <source>Take as good images to learn from</source>
   <translation>Take as good images to learn from</translation>
  </message>
  <message>
   <source>Score images</source>
   <translation>Score images</translation>
  </message>
  <message>
   <source>Score a folder</source>
   <translation>Score a folder</translation>
  </message>
  <message>
   <source>Score a folder of good parts</source>
   <translation>Score a folder of good parts</translation>
  </message>
  <message>
   <source>Score a folder of defects</source>
   <translation>Score a folder of defects</translation>
  </message>
 </context>
 <context>
  <name>Journal</name>
  <message>
   <source>Labels and threshold are not kept for a restart (%1): save the model.</source>
   <translation>Labels and threshold are not kept for a restart (%1): save the model.</translation>
  </message>
 </context>
 <context>
  <name>JudgedImages</name>
  <message>
   <source>There is no image in %1: choose a folder with images.</source>
   <translation>There is no image in %1: choose a folder with images.</translation>
  </message>
  <message numerus="yes">
   <source>%n file(s) cannot be judged, such as %1: %2.</source>
   <translation>
    <numerusform>%n file cannot be judged, such as %1: %2.</numerusform>
    <numerusform>%n files cannot be judged, such as %1: %2.</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n image(s) labelled by the name of their folder.</source>
   <translation>
    <numerusform>%n image labelled by the name of their folder.</numerusform>
    <numerusform>%n images labelled by the name of their folder.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>JudgingView</name>
  <message>
   <source>How much of this turn is judged</source>
   <translation>How much of this turn is judged</translation>
  </message>
  <message>
   <source>The part</source>
   <translation>The part</translation>
  </message>
  <message>
   <source>Good (G)</source>
   <translation>Good (G)</translation>
  </message>
  <message>
   <source>Defect (D)</source>
   <translation>Defect (D)</translation>
  </message>
  <message>
   <source>Take the last answer back</source>
   <translation>Take the last answer back</translation>
  </message>
  <message>
   <source>Stop for now</source>
   <translation>Stop for now</translation>
  </message>
  <message>
   <source>%1: trial %2 of %3</source>
   <translation>%1: trial %2 of %3</translation>
  </message>
  <message>
   <source>%1 of %2</source>
   <translation>%1 of %2</translation>
  </message>
  <message>
   <source>Look at part %1. Is it good, or a defect?</source>
   <translation>Look at part %1. Is it good, or a defect?</translation>
  </message>
  <message>
   <source>%1 cannot be shown (%2): put it back, and begin this turn again.</source>
   <translation>%1 cannot be shown (%2): put it back, and begin this turn again.</translation>
  </message>
 </context>
 <context>
  <name>KeySheet</name>
  <message>
   <source>Keys</source>
   <translation>Keys</translation>
  </message>
  <message>
   <source>move the threshold</source>
   <translation>move the threshold</translation>
  </message>
  <message>
   <source>dragging moves, selects, zooms; show all</source>
   <translation>dragging moves, selects, zooms; show all</translation>
  </message>
  <message>
   <source>letters, digits</source>
   <translation>letters, digits</translation>
  </message>
  <message>
   <source>the part's number, typed or scanned; Enter ends it</source>
   <translation>the part's number, typed or scanned; Enter ends it</translation>
  </message>
  <message>
   <source>In the plot</source>
   <translation>In the plot</translation>
  </message>
  <message>
   <source>Inspect</source>
   <translation>Inspect</translation>
  </message>
 </context>
 <context>
  <name>KindActions</name>
  <message>
   <source>Label defect: %1</source>
   <translation>Label defect: %1</translation>
  </message>
 </context>
 <context>
  <name>LanguageActions</name>
  <message>
   <source>Language</source>
   <translation>Language</translation>
  </message>
  <message>
   <source>As the system</source>
   <translation>As the system</translation>
  </message>
 </context>
 <context>
  <name>Languages</name>
  <message>
   <source>No font on this computer has Chinese letters: install a font with them, such as Noto Sans CJK SC.</source>
   <translation>No font on this computer has Chinese letters: install a font with them, such as Noto Sans CJK SC.</translation>
  </message>
 </context>
 <context>
  <name>LearningView</name>
  <message>
   <source>Stop here and keep the best</source>
   <translation>Stop here and keep the best</translation>
  </message>
  <message>
   <source>End the learning now. The network takes the weights of its best epoch, and the training goes on to the threshold.</source>
   <translation>End the learning now. The network takes the weights of its best epoch, and the training goes on to the threshold.</translation>
  </message>
  <message>
   <source>epoch</source>
   <translation>epoch</translation>
  </message>
  <message>
   <source>Loss on images %1 it learns from, %2 kept from it; %3 best</source>
   <translation>Loss on images %1 it learns from, %2 kept from it; %3 best</translation>
  </message>
  <message>
   <source>epoch %1 of %2, best so far: epoch %3</source>
   <translation>epoch %1 of %2, best so far: epoch %3</translation>
  </message>
 </context>
 <context>
  <name>Leaving</name>
  <message>
   <source>The project is not saved</source>
   <translation>The project is not saved</translation>
  </message>
  <message>
   <source>Model, labels and scored images are in no project yet. Save them?</source>
   <translation>Model, labels and scored images are in no project yet. Save them?</translation>
  </message>
 </context>
 <context>
  <name>MapControls</name>
  <message>
   <source>Image</source>
   <translation>Image</translation>
  </message>
  <message>
   <source>Show the image alone (M)</source>
   <translation>Show the image alone (M)</translation>
  </message>
  <message>
   <source>Map</source>
   <translation>Map</translation>
  </message>
  <message>
   <source>Show the map over the image (M)</source>
   <translation>Show the map over the image (M)</translation>
  </message>
  <message>
   <source>Split</source>
   <translation>Split</translation>
  </message>
  <message>
   <source>Show the map to the right of a divider</source>
   <translation>Show the map to the right of a divider</translation>
  </message>
  <message>
   <source>Cool</source>
   <translation>Cool</translation>
  </message>
  <message>
   <source>Draw the map in blue: for parts that are yellow or red</source>
   <translation>Draw the map in blue: for parts that are yellow or red</translation>
  </message>
  <message>
   <source>Opacity</source>
   <translation>Opacity</translation>
  </message>
  <message>
   <source>How much the map covers: %1 %</source>
   <translation>How much the map covers: %1 %</translation>
  </message>
 </context>
 <context>
  <name>MapLegend</name>
  <message>
   <source>1.0: the level that only the promised share of good images exceeds anywhere</source>
   <translation>1.0: the level that only the promised share of good images exceeds anywhere</translation>
  </message>
 </context>
 <context>
  <name>MapPicture</name>
  <message>
   <source>Drag the divider; a double click puts it in the middle</source>
   <translation>Drag the divider; a double click puts it in the middle</translation>
  </message>
  <message>
   <source>Region %1, as it was recorded. A click zooms in; one beside it shows the whole</source>
   <translation>Region %1, as it was recorded. A click zooms in; one beside it shows the whole</translation>
  </message>
  <message>
   <source>Region %1: peak %2, %3 pixels. A click zooms in; one beside it shows the whole</source>
   <translation>Region %1: peak %2, %3 pixels. A click zooms in; one beside it shows the whole</translation>
  </message>
 </context>
 <context>
  <name>Menus</name>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Help</translation>
  </message>
  <message>
   <source>About</source>
   <translation>About</translation>
  </message>
  <message>
   <source>Anomaly GUI %1
One-class visual inspection: shown only good parts, it finds the bad ones.</source>
   <translation>Anomaly GUI %1
One-class visual inspection: shown only good parts, it finds the bad ones.</translation>
  </message>
  <message>
   <source>About Anomaly GUI</source>
   <translation>About Anomaly GUI</translation>
  </message>
  <message>
   <source>New project…</source>
   <translation>New project…</translation>
  </message>
  <message>
   <source>Open project…</source>
   <translation>Open project…</translation>
  </message>
  <message>
   <source>Recent projects</source>
   <translation>Recent projects</translation>
  </message>
  <message>
   <source>Save project as…</source>
   <translation>Save project as…</translation>
  </message>
  <message>
   <source>Duplicate project…</source>
   <translation>Duplicate project…</translation>
  </message>
  <message>
   <source>Models of the project…</source>
   <translation>Models of the project…</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>&amp;View</translation>
  </message>
  <message>
   <source>Places</source>
   <translation>Places</translation>
  </message>
  <message>
   <source>1 Train</source>
   <translation>1 Train</translation>
  </message>
  <message>
   <source>2 Tune</source>
   <translation>2 Tune</translation>
  </message>
  <message>
   <source>3 Inspect</source>
   <translation>3 Inspect</translation>
  </message>
  <message>
   <source>Scores as log-likelihoods</source>
   <translation>Scores as log-likelihoods</translation>
  </message>
  <message>
   <source>As in the worked example: high is normal, any unit</source>
   <translation>As in the worked example: high is normal, any unit</translation>
  </message>
  <message>
   <source>Maps on thumbnails</source>
   <translation>Maps on thumbnails</translation>
  </message>
  <message>
   <source>Image or map</source>
   <translation>Image or map</translation>
  </message>
  <message>
   <source>Map: split view</source>
   <translation>Map: split view</translation>
  </message>
  <message>
   <source>&amp;File</source>
   <translation>&amp;File</translation>
  </message>
  <message>
   <source>Open model…</source>
   <translation>Open model…</translation>
  </message>
  <message>
   <source>Recent models</source>
   <translation>Recent models</translation>
  </message>
  <message>
   <source>Stations</source>
   <translation>Stations</translation>
  </message>
  <message>
   <source>Save</source>
   <translation>Save</translation>
  </message>
  <message>
   <source>Save model as…</source>
   <translation>Save model as…</translation>
  </message>
  <message>
   <source>Add good images to the model…</source>
   <translation>Add good images to the model…</translation>
  </message>
  <message>
   <source>Score images…</source>
   <translation>Score images…</translation>
  </message>
  <message>
   <source>Score a folder…</source>
   <translation>Score a folder…</translation>
  </message>
  <message>
   <source>Score a folder of good parts…</source>
   <translation>Score a folder of good parts…</translation>
  </message>
  <message>
   <source>Score a folder of defects…</source>
   <translation>Score a folder of defects…</translation>
  </message>
  <message>
   <source>Score pasted files</source>
   <translation>Score pasted files</translation>
  </message>
  <message>
   <source>Remove scored images</source>
   <translation>Remove scored images</translation>
  </message>
  <message>
   <source>Export table as CSV…</source>
   <translation>Export table as CSV…</translation>
  </message>
  <message>
   <source>Export plot as picture…</source>
   <translation>Export plot as picture…</translation>
  </message>
  <message>
   <source>Reports</source>
   <translation>Reports</translation>
  </message>
  <message>
   <source>Open the sample</source>
   <translation>Open the sample</translation>
  </message>
  <message>
   <source>Quit</source>
   <translation>Quit</translation>
  </message>
  <message>
   <source>&amp;Edit</source>
   <translation>&amp;Edit</translation>
  </message>
  <message>
   <source>Label good</source>
   <translation>Label good</translation>
  </message>
  <message>
   <source>Label defect</source>
   <translation>Label defect</translation>
  </message>
  <message>
   <source>Remove label</source>
   <translation>Remove label</translation>
  </message>
  <message>
   <source>This was wrong</source>
   <translation>This was wrong</translation>
  </message>
  <message>
   <source>Exclude from training</source>
   <translation>Exclude from training</translation>
  </message>
  <message>
   <source>Take out of the model</source>
   <translation>Take out of the model</translation>
  </message>
  <message>
   <source>Next image</source>
   <translation>Next image</translation>
  </message>
  <message>
   <source>Previous image</source>
   <translation>Previous image</translation>
  </message>
  <message>
   <source>Next wrong image</source>
   <translation>Next wrong image</translation>
  </message>
 </context>
 <context>
  <name>ModelPanel</name>
  <message>
   <source>Good images</source>
   <translation>Good images</translation>
  </message>
  <message>
   <source>Drop a folder of images of good parts here: 20 work, 100 or more are to be relied on.</source>
   <translation>Drop a folder of images of good parts here: 20 work, 100 or more are to be relied on.</translation>
  </message>
  <message>
   <source>Good, another day</source>
   <translation>Good, another day</translation>
  </message>
  <message>
   <source>Known defects</source>
   <translation>Known defects</translation>
  </message>
  <message>
   <source>Images put aside as wrongly judged, and images to leave out, count in the next training</source>
   <translation>Images put aside as wrongly judged, and images to leave out, count in the next training</translation>
  </message>
  <message>
   <source>Train</source>
   <translation>Train</translation>
  </message>
  <message>
   <source>Learn what good parts look like (Ctrl+T)</source>
   <translation>Learn what good parts look like (Ctrl+T)</translation>
  </message>
  <message>
   <source>Optional: makes misses countable, and lets detectors be compared.</source>
   <translation>Optional: makes misses countable, and lets detectors be compared.</translation>
  </message>
  <message>
   <source>Calibration images: parts of another day, shift or light look a little different. Give some to be sure.</source>
   <translation>Calibration images: parts of another day, shift or light look a little different. Give some to be sure.</translation>
  </message>
  <message>
   <source>Compare detectors</source>
   <translation>Compare detectors</translation>
  </message>
  <message>
   <source>Compare learned features, too</source>
   <translation>Compare learned features, too</translation>
  </message>
  <message numerus="yes">
   <source>%n good</source>
   <translation>
    <numerusform>%n good</numerusform>
    <numerusform>%n good</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n defect(s)</source>
   <translation>
    <numerusform>%n defect</numerusform>
    <numerusform>%n defects</numerusform>
   </translation>
  </message>
  <message numerus="yes">
   <source>%n left out</source>
   <translation>
    <numerusform>%n left out</numerusform>
    <numerusform>%n left out</numerusform>
   </translation>
  </message>
  <message>
   <source>Corrections: %1</source>
   <translation>Corrections: %1</translation>
  </message>
  <message>
   <source>“%1” (%2) is taken for the next training.</source>
   <translation>“%1” (%2) is taken for the next training.</translation>
  </message>
  <message>
   <source>Train an autoencoder and Deep SVDD as well: each takes minutes</source>
   <translation>Train an autoencoder and Deep SVDD as well: each takes minutes</translation>
  </message>
  <message>
   <source>Try every detector, backbone, layer and size on good images and known defects, if there are any</source>
   <translation>Try every detector, backbone, layer and size on good images and known defects, if there are any</translation>
  </message>
  <message>
   <source>Learning features</source>
   <translation>Learning features</translation>
  </message>
 </context>
 <context>
  <name>NearestParts</name>
  <message>
   <source>Good parts most like it</source>
   <translation>Good parts most like it</translation>
  </message>
  <message>
   <source>gone</source>
   <translation>gone</translation>
  </message>
 </context>
 <context>
  <name>NextSteps</name>
  <message>
   <source>Learned. Something is asked that only you can tell: one click, and it is done.</source>
   <translation>Learned. Something is asked that only you can tell: one click, and it is done.</translation>
  </message>
  <message>
   <source>Answer</source>
   <translation>Answer</translation>
  </message>
  <message>
   <source>Only %1 of %2 known defects are found: look at those that are missed.</source>
   <translation>Only %1 of %2 known defects are found: look at those that are missed.</translation>
  </message>
  <message>
   <source>Show me</source>
   <translation>Show me</translation>
  </message>
  <message>
   <source>As the threshold is now, %1 of %2 good parts will be rejected.</source>
   <translation>As the threshold is now, %1 of %2 good parts will be rejected.</translation>
  </message>
  <message>
   <source>Take it back</source>
   <translation>Take it back</translation>
  </message>
  <message numerus="yes">
   <source>A first guess, by %n good part(s): give 100 to rely on it.</source>
   <translation>
    <numerusform>A first guess, by %n good part: give 100 to rely on it.</numerusform>
    <numerusform>A first guess, by %n good parts: give 100 to rely on it.</numerusform>
   </translation>
  </message>
  <message>
   <source>Add good images…</source>
   <translation>Add good images…</translation>
  </message>
  <message numerus="yes">
   <source>These %n good part(s) differ from those learned</source>
   <translation>
    <numerusform>These %n good part differ from those learned</numerusform>
    <numerusform>These %n good parts differ from those learned</numerusform>
   </translation>
  </message>
  <message>
   <source>%1 (%2)</source>
   <translation>%1 (%2)</translation>
  </message>
  <message>
   <source>%1 of them are rejected.</source>
   <translation>%1 of them are rejected.</translation>
  </message>
  <message>
   <source>%1: %2</source>
   <translation>%1: %2</translation>
  </message>
  <message>
   <source>Learn them, too</source>
   <translation>Learn them, too</translation>
  </message>
  <message>
   <source>%1 of %2 good parts will be rejected</source>
   <translation>%1 of %2 good parts will be rejected</translation>
  </message>
  <message>
   <source>%1 of %2 known defects are found</source>
   <translation>%1 of %2 known defects are found</translation>
  </message>
  <message>
   <source>Ready: %1.</source>
   <translation>Ready: %1.</translation>
  </message>
  <message>
   <source>Ready.</source>
   <translation>Ready.</translation>
  </message>
  <message>
   <source>Inspect</source>
   <translation>Inspect</translation>
  </message>
  <message>
   <source>fewer than 1</source>
   <translation>fewer than 1</translation>
  </message>
  <message>
   <source>about %1</source>
   <translation>about %1</translation>
  </message>
 </context>
 <context>
  <name>OperatorActions</name>
  <message>
   <source>Full screen</source>
   <translation>Full screen</translation>
  </message>
  <message>
   <source>Lock the operator's view…</source>
   <translation>Lock the operator's view…</translation>
  </message>
  <message>
   <source>Sound for a defect</source>
   <translation>Sound for a defect</translation>
  </message>
  <message>
   <source>Sound for a defect (this system has no player: install pulseaudio-utils or alsa-utils)</source>
   <translation>Sound for a defect (this system has no player: install pulseaudio-utils or alsa-utils)</translation>
  </message>
  <message>
   <source>Open a model first: without one nothing can be judged.</source>
   <translation>Open a model first: without one nothing can be judged.</translation>
  </message>
  <message>
   <source>The operator's view is locked. Type its PIN to leave it.</source>
   <translation>The operator's view is locked. Type its PIN to leave it.</translation>
  </message>
  <message>
   <source>Unlock</source>
   <translation>Unlock</translation>
  </message>
  <message>
   <source>This is not the PIN.</source>
   <translation>This is not the PIN.</translation>
  </message>
  <message>
   <source>Choose the PIN that unlocks this view. It is asked for whenever somebody leaves it.</source>
   <translation>Choose the PIN that unlocks this view. It is asked for whenever somebody leaves it.</translation>
  </message>
  <message>
   <source>Set the PIN</source>
   <translation>Set the PIN</translation>
  </message>
  <message>
   <source>Unlock…</source>
   <translation>Unlock…</translation>
  </message>
  <message>
   <source>Lock</source>
   <translation>Lock</translation>
  </message>
 </context>
 <context>
  <name>OperatorPage</name>
  <message>
   <source>The part</source>
   <translation>The part</translation>
  </message>
  <message>
   <source>Part %1</source>
   <translation>Part %1</translation>
  </message>
  <message>
   <source>Lot %1</source>
   <translation>Lot %1</translation>
  </message>
  <message>
   <source>No part yet</source>
   <translation>No part yet</translation>
  </message>
 </context>
 <context>
  <name>PageTurner</name>
  <message>
   <source>%1 to %2</source>
   <translation>%1 to %2</translation>
  </message>
  <message>
   <source>nothing found</source>
   <translation>nothing found</translation>
  </message>
 </context>
 <context>
  <name>PartField</name>
  <message>
   <source>scan, or type and press Enter</source>
   <translation>scan, or type and press Enter</translation>
  </message>
  <message>
   <source>Part number</source>
   <translation>Part number</translation>
  </message>
 </context>
 <context>
  <name>PartPanel</name>
  <message>
   <source>Next part</source>
   <translation>Next part</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Change…</source>
   <translation>Change…</translation>
  </message>
  <message>
   <source>Change the lot</source>
   <translation>Change the lot</translation>
  </message>
  <message>
   <source>Lot of all parts from now on:</source>
   <translation>Lot of all parts from now on:</translation>
  </message>
 </context>
 <context>
  <name>PartStrip</name>
  <message>
   <source>The last parts</source>
   <translation>The last parts</translation>
  </message>
 </context>
 <context>
  <name>PartView</name>
  <message>
   <source>The part</source>
   <translation>The part</translation>
  </message>
  <message>
   <source>Choose a part in the table.</source>
   <translation>Choose a part in the table.</translation>
  </message>
  <message>
   <source>What the records say</source>
   <translation>What the records say</translation>
  </message>
  <message>
   <source>The map is being made…</source>
   <translation>The map is being made…</translation>
  </message>
  <message>
   <source>No map: it was not judged.</source>
   <translation>No map: it was not judged.</translation>
  </message>
  <message>
   <source>Map by the very model that judged it.</source>
   <translation>Map by the very model that judged it.</translation>
  </message>
 </context>
 <context>
  <name>PersonButton</name>
  <message>
   <source>Sign in as somebody else…</source>
   <translation>Sign in as somebody else…</translation>
  </message>
  <message>
   <source>Sign out</source>
   <translation>Sign out</translation>
  </message>
  <message>
   <source>Sign in…</source>
   <translation>Sign in…</translation>
  </message>
  <message>
   <source>Nobody is signed in</source>
   <translation>Nobody is signed in</translation>
  </message>
  <message>
   <source>%1 is signed in</source>
   <translation>%1 is signed in</translation>
  </message>
  <message>
   <source>%1 was idle for a while: changes ask for the password</source>
   <translation>%1 was idle for a while: changes ask for the password</translation>
  </message>
 </context>
 <context>
  <name>PinDialog</name>
  <message>
   <source>PIN</source>
   <translation>PIN</translation>
  </message>
  <message>
   <source>Once more</source>
   <translation>Once more</translation>
  </message>
  <message numerus="yes">
   <source>At least %n character(s), please.</source>
   <translation>
    <numerusform>At least %n character, please.</numerusform>
    <numerusform>At least %n characters, please.</numerusform>
   </translation>
  </message>
  <message>
   <source>These are not the same: type the PIN twice.</source>
   <translation>These are not the same: type the PIN twice.</translation>
  </message>
 </context>
 <context>
  <name>PlanDialog</name>
  <message>
   <source>Plan a study</source>
   <translation>Plan a study</translation>
  </message>
  <message>
   <source>None yet</source>
   <translation>None yet</translation>
  </message>
  <message>
   <source>Folder of pictures…</source>
   <translation>Folder of pictures…</translation>
  </message>
  <message>
   <source>Table…</source>
   <translation>Table…</translation>
  </message>
  <message>
   <source>Names, with commas between them</source>
   <translation>Names, with commas between them</translation>
  </message>
  <message>
   <source>Parts</source>
   <translation>Parts</translation>
  </message>
  <message>
   <source>Operators</source>
   <translation>Operators</translation>
  </message>
  <message>
   <source>Trials</source>
   <translation>Trials</translation>
  </message>
  <message>
   <source>Plan</source>
   <translation>Plan</translation>
  </message>
  <message>
   <source>Take 30 to 50 parts, a third of them defects and some near the limit. Pictures are in the folders good and defect; a table has the columns part and standard (good or defect), and may have a column picture.</source>
   <translation>Take 30 to 50 parts, a third of them defects and some near the limit. Pictures are in the folders good and defect; a table has the columns part and standard (good or defect), and may have a column picture.</translation>
  </message>
  <message>
   <source>Pictures of the study</source>
   <translation>Pictures of the study</translation>
  </message>
  <message>
   <source>Parts of the study</source>
   <translation>Parts of the study</translation>
  </message>
  <message>
   <source>Name each operator once.</source>
   <translation>Name each operator once.</translation>
  </message>
  <message>
   <source>Choose the parts.</source>
   <translation>Choose the parts.</translation>
  </message>
  <message>
   <source>%1 parts, %2 of them defects.</source>
   <translation>%1 parts, %2 of them defects.</translation>
  </message>
  <message numerus="yes">
   <source>%n answer(s) will be asked for.</source>
   <translation>
    <numerusform>%n answer will be asked for.</numerusform>
    <numerusform>%n answers will be asked for.</numerusform>
   </translation>
  </message>
  <message>
   <source>Who judges?</source>
   <translation>Who judges?</translation>
  </message>
 </context>
 <context>
  <name>Plant</name>
  <message>
   <source>(no lot)</source>
   <translation>(no lot)</translation>
  </message>
  <message>
   <source>%1: %2. The first part came at %3.</source>
   <translation>%1: %2. The first part came at %3.</translation>
  </message>
  <message>
   <source>Last part</source>
   <translation>Last part</translation>
  </message>
  <message>
   <source>What changed</source>
   <translation>What changed</translation>
  </message>
  <message>
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Parts</source>
   <translation>Parts</translation>
  </message>
  <message>
   <source>Yield</source>
   <translation>Yield</translation>
  </message>
  <message>
   <source>Defects</source>
   <translation>Defects</translation>
  </message>
  <message>
   <source>Not sure</source>
   <translation>Not sure</translation>
  </message>
  <message>
   <source>Cannot judge</source>
   <translation>Cannot judge</translation>
  </message>
  <message>
   <source>Errors</source>
   <translation>Errors</translation>
  </message>
  <message>
   <source>%1 (%2 to %3)</source>
   <translation>%1 (%2 to %3)</translation>
  </message>
  <message>
   <source>Warnings that came and went: %1</source>
   <translation>Warnings that came and went: %1</translation>
  </message>
  <message>
   <source>No part came within the last hour.</source>
   <translation>No part came within the last hour.</translation>
  </message>
  <message>
   <source>It went again.</source>
   <translation>It went again.</translation>
  </message>
 </context>
 <context>
  <name>PlantBar</name>
  <message>
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <source>From</source>
   <translation>From</translation>
  </message>
  <message>
   <source>To</source>
   <translation>To</translation>
  </message>
  <message>
   <source>Line</source>
   <translation>Line</translation>
  </message>
  <message>
   <source>All lines</source>
   <translation>All lines</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Today</source>
   <translation>Today</translation>
  </message>
  <message>
   <source>The last 7 days</source>
   <translation>The last 7 days</translation>
  </message>
  <message>
   <source>The last 30 days</source>
   <translation>The last 30 days</translation>
  </message>
  <message>
   <source>Between two moments</source>
   <translation>Between two moments</translation>
  </message>
 </context>
 <context>
  <name>PlantPage</name>
  <message>
   <source>There are older lots, too: choose a shorter time, or one lot.</source>
   <translation>There are older lots, too: choose a shorter time, or one lot.</translation>
  </message>
  <message>
   <source>Stations of the plant</source>
   <translation>Stations of the plant</translation>
  </message>
  <message>
   <source>Lots of the chosen stations</source>
   <translation>Lots of the chosen stations</translation>
  </message>
  <message>
   <source>Export</source>
   <translation>Export</translation>
  </message>
  <message>
   <source>Write what is shown as a table (CSV)</source>
   <translation>Write what is shown as a table (CSV)</translation>
  </message>
  <message>
   <source>Stations…</source>
   <translation>Stations…</translation>
  </message>
  <message>
   <source>Lots…</source>
   <translation>Lots…</translation>
  </message>
  <message>
   <source>Hours or days…</source>
   <translation>Hours or days…</translation>
  </message>
  <message>
   <source>Plant %1</source>
   <translation>Plant %1</translation>
  </message>
  <message>
   <source>reading…</source>
   <translation>reading…</translation>
  </message>
  <message>
   <source>The figures are still those of %1.</source>
   <translation>The figures are still those of %1.</translation>
  </message>
  <message>
   <source>as of %1</source>
   <translation>as of %1</translation>
  </message>
  <message>
   <source>The figures are the last that are known.</source>
   <translation>The figures are the last that are known.</translation>
  </message>
  <message>
   <source>Plant</source>
   <translation>Plant</translation>
  </message>
  <message numerus="yes">
   <source>%1: %n row(s).</source>
   <translation>
    <numerusform>%1: %n row.</numerusform>
    <numerusform>%1: %n rows.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>PlantTabs</name>
  <message>
   <source>Lines and servers (%1)</source>
   <translation>Lines and servers (%1)</translation>
  </message>
  <message>
   <source>Open the plant</source>
   <translation>Open the plant</translation>
  </message>
  <message>
   <source>Plant</source>
   <translation>Plant</translation>
  </message>
 </context>
 <context>
  <name>PlotTools</name>
  <message>
   <source>Move</source>
   <translation>Move</translation>
  </message>
  <message>
   <source>Dragging moves the plot; the wheel zooms</source>
   <translation>Dragging moves the plot; the wheel zooms</translation>
  </message>
  <message>
   <source>Select</source>
   <translation>Select</translation>
  </message>
  <message>
   <source>Zoom</source>
   <translation>Zoom</translation>
  </message>
  <message>
   <source>Dragging zooms into a rectangle</source>
   <translation>Dragging zooms into a rectangle</translation>
  </message>
  <message>
   <source>Dragging selects the images in a rectangle; so it does with Shift held</source>
   <translation>Dragging selects the images in a rectangle; so it does with Shift held</translation>
  </message>
  <message>
   <source>Show all</source>
   <translation>Show all</translation>
  </message>
  <message>
   <source>Show every point</source>
   <translation>Show every point</translation>
  </message>
 </context>
 <context>
  <name>ProjectCards</name>
  <message numerus="yes">
   <source>%n model(s)</source>
   <translation>
    <numerusform>%n model</numerusform>
    <numerusform>%n models</numerusform>
   </translation>
  </message>
  <message>
   <source>no model yet</source>
   <translation>no model yet</translation>
  </message>
 </context>
 <context>
  <name>ProjectModels</name>
  <message>
   <source>Models of the project</source>
   <translation>Models of the project</translation>
  </message>
  <message>
   <source>Use this one</source>
   <translation>Use this one</translation>
  </message>
  <message>
   <source>Compare two</source>
   <translation>Compare two</translation>
  </message>
  <message>
   <source>Two models compared</source>
   <translation>Two models compared</translation>
  </message>
  <message>
   <source>Date</source>
   <translation>Date</translation>
  </message>
  <message>
   <source>Who</source>
   <translation>Who</translation>
  </message>
  <message>
   <source>How</source>
   <translation>How</translation>
  </message>
  <message>
   <source>Detector</source>
   <translation>Detector</translation>
  </message>
  <message>
   <source>Good</source>
   <translation>Good</translation>
  </message>
  <message>
   <source>Calibration</source>
   <translation>Calibration</translation>
  </message>
  <message>
   <source>Defects</source>
   <translation>Defects</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <source>trained</source>
   <translation>trained</translation>
  </message>
  <message>
   <source>updated</source>
   <translation>updated</translation>
  </message>
  <message>
   <source>opened</source>
   <translation>opened</translation>
  </message>
  <message>
   <source>%1, in use</source>
   <translation>%1, in use</translation>
  </message>
  <message>
   <source>There is no model yet: train one.</source>
   <translation>There is no model yet: train one.</translation>
  </message>
  <message>
   <source>Choose one to use it again, or two (Ctrl and click) to compare. Notes can be typed.</source>
   <translation>Choose one to use it again, or two (Ctrl and click) to compare. Notes can be typed.</translation>
  </message>
  <message>
   <source>They cannot be compared: %1.</source>
   <translation>They cannot be compared: %1.</translation>
  </message>
  <message>
   <source>Both have judged no labelled image: score some of known good parts and defects.</source>
   <translation>Both have judged no labelled image: score some of known good parts and defects.</translation>
  </message>
  <message numerus="yes">
   <source>On the %n labelled image(s) that both judged, each by its own threshold:</source>
   <translation>
    <numerusform>On the %n labelled image that both judged, each by its own threshold:</numerusform>
    <numerusform>On the %n labelled images that both judged, each by its own threshold:</numerusform>
   </translation>
  </message>
  <message>
   <source>False alarms</source>
   <translation>False alarms</translation>
  </message>
  <message>
   <source>Misses</source>
   <translation>Misses</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>Threshold</translation>
  </message>
 </context>
 <context>
  <name>ProjectSaving</name>
  <message>
   <source>Projects (*%1)</source>
   <translation>Projects (*%1)</translation>
  </message>
  <message>
   <source>Save the project</source>
   <translation>Save the project</translation>
  </message>
  <message>
   <source>Duplicate the project</source>
   <translation>Duplicate the project</translation>
  </message>
  <message>
   <source>A copy of the project is in %1.</source>
   <translation>A copy of the project is in %1.</translation>
  </message>
  <message>
   <source>The project is in %1; what you do is kept there at once.</source>
   <translation>The project is in %1; what you do is kept there at once.</translation>
  </message>
 </context>
 <context>
  <name>ProjectState</name>
  <message>
   <source>%1 is open in another window, or cannot be written: close it there first.</source>
   <translation>%1 is open in another window, or cannot be written: close it there first.</translation>
  </message>
 </context>
 <context>
  <name>Projects</name>
  <message>
   <source>New project</source>
   <translation>New project</translation>
  </message>
  <message>
   <source>Open a project (a folder NAME%1)</source>
   <translation>Open a project (a folder NAME%1)</translation>
  </message>
  <message>
   <source>All you do is kept in %1 at once.</source>
   <translation>All you do is kept in %1 at once.</translation>
  </message>
 </context>
 <context>
  <name>PromiseStrip</name>
  <message>
   <source>&amp;Use as good parts of another day</source>
   <translation>&amp;Use as good parts of another day</translation>
  </message>
  <message>
   <source>Train again: the threshold then rests on these images, which are tested no more</source>
   <translation>Train again: the threshold then rests on these images, which are tested no more</translation>
  </message>
  <message>
   <source>Use them as good parts of another day?</source>
   <translation>Use them as good parts of another day?</translation>
  </message>
 </context>
 <context>
  <name>QFileDialog</name>
  <message>
   <source>&amp;Look in:</source>
   <translation>&amp;Look in:</translation>
  </message>
  <message>
   <source>Files of &amp;type:</source>
   <translation>Files of &amp;type:</translation>
  </message>
 </context>
 <context>
  <name>ReconstructionView</name>
  <message>
   <source>Reconstruction</source>
   <translation>Reconstruction</translation>
  </message>
  <message>
   <source>Show what the network makes of this image, and where it is unlike the image</source>
   <translation>Show what the network makes of this image, and where it is unlike the image</translation>
  </message>
  <message>
   <source>image</source>
   <translation>image</translation>
  </message>
  <message>
   <source>reconstruction</source>
   <translation>reconstruction</translation>
  </message>
  <message>
   <source>difference</source>
   <translation>difference</translation>
  </message>
  <message>
   <source>In the colours of the map: 1.0 is what only the promised share of good images exceeds</source>
   <translation>In the colours of the map: 1.0 is what only the promised share of good images exceeds</translation>
  </message>
 </context>
 <context>
  <name>Recovery</name>
  <message>
   <source>The program ended without closing; model, threshold and labels are as they were.</source>
   <translation>The program ended without closing; model, threshold and labels are as they were.</translation>
  </message>
  <message>
   <source>What was open cannot be restored; it is kept in %1. %2</source>
   <translation>What was open cannot be restored; it is kept in %1. %2</translation>
  </message>
 </context>
 <context>
  <name>RegionEditor</name>
  <message>
   <source>Region of interest</source>
   <translation>Region of interest</translation>
  </message>
  <message>
   <source>Image with the region of interest</source>
   <translation>Image with the region of interest</translation>
  </message>
  <message>
   <source>What was drawn has no area, so it was not taken.</source>
   <translation>What was drawn has no area, so it was not taken.</translation>
  </message>
  <message>
   <source>Nothing would be left that counts, so this was not taken.</source>
   <translation>Nothing would be left that counts, so this was not taken.</translation>
  </message>
  <message>
   <source>There can be no more than %1 shapes: remove one first.</source>
   <translation>There can be no more than %1 shapes: remove one first.</translation>
  </message>
  <message>
   <source>Draw what counts, or what is to be ignored. Nothing drawn: the whole image counts.</source>
   <translation>Draw what counts, or what is to be ignored. Nothing drawn: the whole image counts.</translation>
  </message>
  <message>
   <source>Counts: %1 of the image.</source>
   <translation>Counts: %1 of the image.</translation>
  </message>
  <message>
   <source>Esc does not drop what you drew: press Cancel to do so.</source>
   <translation>Esc does not drop what you drew: press Cancel to do so.</translation>
  </message>
  <message>
   <source>The polygon is not closed: double-click to close it, or Esc to drop it.</source>
   <translation>The polygon is not closed: double-click to close it, or Esc to drop it.</translation>
  </message>
 </context>
 <context>
  <name>RegionField</name>
  <message>
   <source>Region of interest</source>
   <translation>Region of interest</translation>
  </message>
  <message>
   <source>Draw…</source>
   <translation>Draw…</translation>
  </message>
  <message>
   <source>Draw on a good image what counts, or what is ignored; the next training keeps to it</source>
   <translation>Draw on a good image what counts, or what is ignored; the next training keeps to it</translation>
  </message>
  <message>
   <source>Let the whole image count again</source>
   <translation>Let the whole image count again</translation>
  </message>
  <message>
   <source>whole image</source>
   <translation>whole image</translation>
  </message>
  <message>
   <source>%1 of the image counts</source>
   <translation>%1 of the image counts</translation>
  </message>
  <message>
   <source>Choose a folder of good images first: the region is drawn on one of them.</source>
   <translation>Choose a folder of good images first: the region is drawn on one of them.</translation>
  </message>
  <message>
   <source>The folder of good images is still being read: try again in a moment.</source>
   <translation>The folder of good images is still being read: try again in a moment.</translation>
  </message>
  <message>
   <source>There is no image in the folder of good images.</source>
   <translation>There is no image in the folder of good images.</translation>
  </message>
  <message>
   <source>The model in use: %1</source>
   <translation>The model in use: %1</translation>
  </message>
 </context>
 <context>
  <name>RegionTools</name>
  <message>
   <source>Drag from one corner to the opposite one. The wheel zooms.</source>
   <translation>Drag from one corner to the opposite one. The wheel zooms.</translation>
  </message>
  <message>
   <source>Click each corner. A double click, Enter, or a click on the first corner closes it; Esc takes back the last corner.</source>
   <translation>Click each corner. A double click, Enter, or a click on the first corner closes it; Esc takes back the last corner.</translation>
  </message>
  <message>
   <source>Click a shape to select it, drag it to move it, drag a corner to resize it.</source>
   <translation>Click a shape to select it, drag it to move it, drag a corner to resize it.</translation>
  </message>
  <message>
   <source>Only what is kept counts; also changes a selected shape</source>
   <translation>Only what is kept counts; also changes a selected shape</translation>
  </message>
  <message>
   <source>What is ignored does not count; also changes a selected shape</source>
   <translation>What is ignored does not count; also changes a selected shape</translation>
  </message>
  <message>
   <source>Select, move and resize shapes</source>
   <translation>Select, move and resize shapes</translation>
  </message>
  <message>
   <source>Keep</source>
   <translation>Keep</translation>
  </message>
  <message>
   <source>Ignore</source>
   <translation>Ignore</translation>
  </message>
  <message>
   <source>Rectangle</source>
   <translation>Rectangle</translation>
  </message>
  <message>
   <source>Draw a rectangle</source>
   <translation>Draw a rectangle</translation>
  </message>
  <message>
   <source>Ellipse</source>
   <translation>Ellipse</translation>
  </message>
  <message>
   <source>Draw an ellipse</source>
   <translation>Draw an ellipse</translation>
  </message>
  <message>
   <source>Polygon</source>
   <translation>Polygon</translation>
  </message>
  <message>
   <source>Draw a polygon, corner by corner</source>
   <translation>Draw a polygon, corner by corner</translation>
  </message>
  <message>
   <source>Select</source>
   <translation>Select</translation>
  </message>
  <message>
   <source>Undo</source>
   <translation>Undo</translation>
  </message>
  <message>
   <source>Undo the last step</source>
   <translation>Undo the last step</translation>
  </message>
  <message>
   <source>Redo</source>
   <translation>Redo</translation>
  </message>
  <message>
   <source>Do again what was undone</source>
   <translation>Do again what was undone</translation>
  </message>
  <message>
   <source>Remove</source>
   <translation>Remove</translation>
  </message>
  <message>
   <source>Remove the selected shape</source>
   <translation>Remove the selected shape</translation>
  </message>
  <message>
   <source>Clear</source>
   <translation>Clear</translation>
  </message>
  <message>
   <source>Remove all shapes</source>
   <translation>Remove all shapes</translation>
  </message>
  <message>
   <source>Whole image</source>
   <translation>Whole image</translation>
  </message>
  <message>
   <source>Show the whole image</source>
   <translation>Show the whole image</translation>
  </message>
 </context>
 <context>
  <name>RegionView</name>
  <message>
   <source>A polygon needs three corners at least.</source>
   <translation>A polygon needs three corners at least.</translation>
  </message>
  <message>
   <source>Press the button at one corner, and let go at the opposite one.</source>
   <translation>Press the button at one corner, and let go at the opposite one.</translation>
  </message>
 </context>
 <context>
  <name>RemarkFields</name>
  <message>
   <source>The kind of defect, in your own words; the keys 3 to 9 give it, too</source>
   <translation>The kind of defect, in your own words; the keys 3 to 9 give it, too</translation>
  </message>
  <message>
   <source>scratch, dent, …</source>
   <translation>scratch, dent, …</translation>
  </message>
  <message>
   <source>what is worth knowing of this image</source>
   <translation>what is worth knowing of this image</translation>
  </message>
  <message>
   <source>Kind</source>
   <translation>Kind</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Note</translation>
  </message>
 </context>
 <context>
  <name>Remarks</name>
  <message numerus="yes">
   <source>set the kind of %n image(s)</source>
   <translation>
    <numerusform>set the kind of %n image</numerusform>
    <numerusform>set the kind of %n images</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Report</name>
  <message>
   <source>Made</source>
   <translation>Made</translation>
  </message>
  <message>
   <source>By</source>
   <translation>By</translation>
  </message>
  <message>
   <source>Program</source>
   <translation>Program</translation>
  </message>
  <message>
   <source>%1 images of %2 parts</source>
   <translation>%1 images of %2 parts</translation>
  </message>
  <message>
   <source>not saved yet: save the model to have one</source>
   <translation>not saved yet: save the model to have one</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Model</translation>
  </message>
  <message>
   <source>Trained</source>
   <translation>Trained</translation>
  </message>
  <message>
   <source>Learned from</source>
   <translation>Learned from</translation>
  </message>
  <message>
   <source>Calibration images</source>
   <translation>Calibration images</translation>
  </message>
  <message>
   <source>Detector</source>
   <translation>Detector</translation>
  </message>
  <message>
   <source>Network</source>
   <translation>Network</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>Threshold</translation>
  </message>
  <message>
   <source>Rule</source>
   <translation>Rule</translation>
  </message>
  <message>
   <source>Chosen from</source>
   <translation>Chosen from</translation>
  </message>
  <message>
   <source>Not sure within</source>
   <translation>Not sure within</translation>
  </message>
  <message>
   <source>Alarms asked for</source>
   <translation>Alarms asked for</translation>
  </message>
  <message>
   <source>Alarms promised</source>
   <translation>Alarms promised</translation>
  </message>
  <message>
   <source>%1: higher is worse, a common good part has about 0 (log-likelihood %2)</source>
   <translation>%1: higher is worse, a common good part has about 0 (log-likelihood %2)</translation>
  </message>
  <message>
   <source>When</source>
   <translation>When</translation>
  </message>
  <message>
   <source>Who</source>
   <translation>Who</translation>
  </message>
  <message>
   <source>From</source>
   <translation>From</translation>
  </message>
  <message>
   <source>To</source>
   <translation>To</translation>
  </message>
  <message>
   <source>Moved by people, as log-likelihoods:</source>
   <translation>Moved by people, as log-likelihoods:</translation>
  </message>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Date</source>
   <translation>Date</translation>
  </message>
  <message>
   <source>Signature</source>
   <translation>Signature</translation>
  </message>
  <message>
   <source>Made by</source>
   <translation>Made by</translation>
  </message>
  <message>
   <source>Checked by</source>
   <translation>Checked by</translation>
  </message>
  <message>
   <source>Released by</source>
   <translation>Released by</translation>
  </message>
  <message>
   <source>Signatures</source>
   <translation>Signatures</translation>
  </message>
  <message>
   <source>No font on this computer has Chinese characters: install one, such as Noto Sans CJK SC, and write the report again.</source>
   <translation>No font on this computer has Chinese characters: install one, such as Noto Sans CJK SC, and write the report again.</translation>
  </message>
  <message>
   <source>Validation of %1</source>
   <translation>Validation of %1</translation>
  </message>
  <message>
   <source>Images</source>
   <translation>Images</translation>
  </message>
  <message>
   <source>Scores</source>
   <translation>Scores</translation>
  </message>
  <message>
   <source>good parts</source>
   <translation>good parts</translation>
  </message>
  <message>
   <source>defects</source>
   <translation>defects</translation>
  </message>
  <message>
   <source>without a label</source>
   <translation>without a label</translation>
  </message>
  <message>
   <source>Labelled</source>
   <translation>Labelled</translation>
  </message>
  <message>
   <source>all</source>
   <translation>all</translation>
  </message>
  <message>
   <source>False alarms</source>
   <translation>False alarms</translation>
  </message>
  <message>
   <source>Misses</source>
   <translation>Misses</translation>
  </message>
  <message>
   <source>Defects found</source>
   <translation>Defects found</translation>
  </message>
  <message>
   <source>In brackets: 95 % intervals after Clopper and Pearson.</source>
   <translation>In brackets: 95 % intervals after Clopper and Pearson.</translation>
  </message>
  <message>
   <source>The good images are those of the training, by scores of fits without them.</source>
   <translation>The good images are those of the training, by scores of fits without them.</translation>
  </message>
  <message>
   <source>Verdicts</source>
   <translation>Verdicts</translation>
  </message>
  <message>
   <source>Kind of defect</source>
   <translation>Kind of defect</translation>
  </message>
  <message>
   <source>found</source>
   <translation>found</translation>
  </message>
  <message>
   <source>A dot an image: blue good, pink defect, grey without a label.</source>
   <translation>A dot an image: blue good, pink defect, grey without a label.</translation>
  </message>
  <message>
   <source>Above the line it is a defect; far above, the axis is logarithmic.</source>
   <translation>Above the line it is a defect; far above, the axis is logarithmic.</translation>
  </message>
  <message>
   <source>Below the line it is a defect. Triangles lie further down.</source>
   <translation>Below the line it is a defect. Triangles lie further down.</translation>
  </message>
  <message>
   <source>%1 of %2: %3 (%4 to %5)</source>
   <translation>%1 of %2: %3 (%4 to %5)</translation>
  </message>
  <message>
   <source>labelled good</source>
   <translation>labelled good</translation>
  </message>
  <message>
   <source>labelled defect</source>
   <translation>labelled defect</translation>
  </message>
  <message>
   <source>Judged wrongly: %1</source>
   <translation>Judged wrongly: %1</translation>
  </message>
  <message>
   <source>None.</source>
   <translation>None.</translation>
  </message>
  <message>
   <source>%1 more are not shown; the exported table has all.</source>
   <translation>%1 more are not shown; the exported table has all.</translation>
  </message>
  <message>
   <source>Verdicts of %1</source>
   <translation>Verdicts of %1</translation>
  </message>
  <message>
   <source>Since</source>
   <translation>Since</translation>
  </message>
  <message>
   <source>Defects: %1</source>
   <translation>Defects: %1</translation>
  </message>
  <message>
   <source>Yield</source>
   <translation>Yield</translation>
  </message>
  <message>
   <source>File</source>
   <translation>File</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Part</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Kind</source>
   <translation>Kind</translation>
  </message>
  <message>
   <source>Note</source>
   <translation>Note</translation>
  </message>
  <message>
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Score</translation>
  </message>
  <message>
   <source>All verdicts</source>
   <translation>All verdicts</translation>
  </message>
 </context>
 <context>
  <name>ReportActions</name>
  <message>
   <source>Validation as PDF…</source>
   <translation>Validation as PDF…</translation>
  </message>
  <message>
   <source>Verdicts as PDF…</source>
   <translation>Verdicts as PDF…</translation>
  </message>
  <message>
   <source>Print the validation…</source>
   <translation>Print the validation…</translation>
  </message>
  <message>
   <source>Print the verdicts…</source>
   <translation>Print the verdicts…</translation>
  </message>
  <message>
   <source>Write the report</source>
   <translation>Write the report</translation>
  </message>
  <message>
   <source>Saved to %1.</source>
   <translation>Saved to %1.</translation>
  </message>
  <message>
   <source>Sent to the printer %1.</source>
   <translation>Sent to the printer %1.</translation>
  </message>
 </context>
 <context>
  <name>ReportView</name>
  <message>
   <source>The numbers of the study</source>
   <translation>The numbers of the study</translation>
  </message>
 </context>
 <context>
  <name>Retraining</name>
  <message>
   <source>Choose the good images that this model learned from, and train: these are added.</source>
   <translation>Choose the good images that this model learned from, and train: these are added.</translation>
  </message>
 </context>
 <context>
  <name>RocView</name>
  <message>
   <source>false alarms (share of good images)</source>
   <translation>false alarms (share of good images)</translation>
  </message>
  <message>
   <source>defects found (share)</source>
   <translation>defects found (share)</translation>
  </message>
  <message>
   <source>judged good</source>
   <translation>judged good</translation>
  </message>
  <message>
   <source>judged defect</source>
   <translation>judged defect</translation>
  </message>
  <message>
   <source>not sure</source>
   <translation>not sure</translation>
  </message>
  <message>
   <source>good</source>
   <translation>good</translation>
  </message>
  <message>
   <source>defect</source>
   <translation>defect</translation>
  </message>
  <message>
   <source>Label good images and defects to see how well they are told apart.</source>
   <translation>Label good images and defects to see how well they are told apart.</translation>
  </message>
 </context>
 <context>
  <name>ScorePlot</name>
  <message>
   <source>Scores and threshold</source>
   <translation>Scores and threshold</translation>
  </message>
  <message>
   <source>log-likelihood</source>
   <translation>log-likelihood</translation>
  </message>
  <message>
   <source>score ↑ worse</source>
   <translation>score ↑ worse</translation>
  </message>
 </context>
 <context>
  <name>SettingsForm</name>
  <message>
   <source>Learning features</source>
   <translation>Learning features</translation>
  </message>
 </context>
 <context>
  <name>ShiftBook</name>
  <message>
   <source>The counts of this shift are not kept for a restart (%1).</source>
   <translation>The counts of this shift are not kept for a restart (%1).</translation>
  </message>
 </context>
 <context>
  <name>ShiftPanel</name>
  <message>
   <source>Yield</source>
   <translation>Yield</translation>
  </message>
  <message>
   <source>Good ones of all that were judged good, defect or not sure</source>
   <translation>Good ones of all that were judged good, defect or not sure</translation>
  </message>
  <message>
   <source>New shift…</source>
   <translation>New shift…</translation>
  </message>
  <message>
   <source>Count from zero, from now on</source>
   <translation>Count from zero, from now on</translation>
  </message>
  <message>
   <source>since %1</source>
   <translation>since %1</translation>
  </message>
  <message>
   <source>Begin a new shift</source>
   <translation>Begin a new shift</translation>
  </message>
  <message>
   <source>Count from zero, from now on? What was judged so far is kept in the shift's file.</source>
   <translation>Count from zero, from now on? What was judged so far is kept in the shift's file.</translation>
  </message>
 </context>
 <context>
  <name>ShiftReport</name>
  <message>
   <source>Shift report of %1</source>
   <translation>Shift report of %1</translation>
  </message>
  <message>
   <source>Verdicts</source>
   <translation>Verdicts</translation>
  </message>
  <message>
   <source>By the hour</source>
   <translation>By the hour</translation>
  </message>
  <message>
   <source>What was not good, and why</source>
   <translation>What was not good, and why</translation>
  </message>
  <message>
   <source>Models</source>
   <translation>Models</translation>
  </message>
  <message>
   <source>Alarms: %1</source>
   <translation>Alarms: %1</translation>
  </message>
  <message>
   <source>What was done: %1</source>
   <translation>What was done: %1</translation>
  </message>
  <message>
   <source>Proof</source>
   <translation>Proof</translation>
  </message>
  <message>
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Part</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Parts</source>
   <translation>Parts</translation>
  </message>
  <message>
   <source>Parts of the challenge</source>
   <translation>Parts of the challenge</translation>
  </message>
  <message>
   <source>Yield</source>
   <translation>Yield</translation>
  </message>
  <message>
   <source>%1 (%2 to %3)</source>
   <translation>%1 (%2 to %3)</translation>
  </message>
  <message>
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <source>Share, with the interval of 95 %</source>
   <translation>Share, with the interval of 95 %</translation>
  </message>
  <message>
   <source>None.</source>
   <translation>None.</translation>
  </message>
  <message>
   <source>Hour</source>
   <translation>Hour</translation>
  </message>
  <message>
   <source>Remark</source>
   <translation>Remark</translation>
  </message>
  <message>
   <source>a place stands out</source>
   <translation>a place stands out</translation>
  </message>
  <message>
   <source>The most frequent %1 of %2.</source>
   <translation>The most frequent %1 of %2.</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Model</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>Threshold</translation>
  </message>
  <message>
   <source>Alarm</source>
   <translation>Alarm</translation>
  </message>
  <message>
   <source>What it said</source>
   <translation>What it said</translation>
  </message>
  <message>
   <source>came</source>
   <translation>came</translation>
  </message>
  <message>
   <source>went</source>
   <translation>went</translation>
  </message>
  <message>
   <source>The newest %1 of %2 entries.</source>
   <translation>The newest %1 of %2 entries.</translation>
  </message>
  <message>
   <source>Who</source>
   <translation>Who</translation>
  </message>
  <message>
   <source>What</source>
   <translation>What</translation>
  </message>
  <message>
   <source>Before</source>
   <translation>Before</translation>
  </message>
  <message>
   <source>After</source>
   <translation>After</translation>
  </message>
  <message>
   <source>Why</source>
   <translation>Why</translation>
  </message>
  <message>
   <source>Each row of the records holds the hash of the row before it. With the last one below, `anomaly-gui station verify` proves later that nothing was changed, and nothing cut off.</source>
   <translation>Each row of the records holds the hash of the row before it. With the last one below, `anomaly-gui station verify` proves later that nothing was changed, and nothing cut off.</translation>
  </message>
  <message>
   <source>Last row</source>
   <translation>Last row</translation>
  </message>
  <message>
   <source>Its hash</source>
   <translation>Its hash</translation>
  </message>
 </context>
 <context>
  <name>SignDialog</name>
  <message>
   <source>Name</source>
   <translation>Name</translation>
  </message>
  <message>
   <source>Password</source>
   <translation>Password</translation>
  </message>
  <message>
   <source>Reason</source>
   <translation>Reason</translation>
  </message>
  <message>
   <source>One moment…</source>
   <translation>One moment…</translation>
  </message>
 </context>
 <context>
  <name>StartPage</name>
  <message>
   <source>Show it good parts. It finds the bad ones.</source>
   <translation>Show it good parts. It finds the bad ones.</translation>
  </message>
  <message>
   <source>Train from a folder of good images…</source>
   <translation>Train from a folder of good images…</translation>
  </message>
  <message>
   <source>Drop a folder of images of good parts, a project, or a model, anywhere in this window.</source>
   <translation>Drop a folder of images of good parts, a project, or a model, anywhere in this window.</translation>
  </message>
  <message>
   <source>Open the sample (ones and sevens)</source>
   <translation>Open the sample (ones and sevens)</translation>
  </message>
  <message>
   <source>The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.</source>
   <translation>The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.</translation>
  </message>
  <message>
   <source>It learns what good parts look like: the bar at the left says how far it is.</source>
   <translation>It learns what good parts look like: the bar at the left says how far it is.</translation>
  </message>
  <message>
   <source>Press Train, at the left: nothing else has to be chosen.</source>
   <translation>Press Train, at the left: nothing else has to be chosen.</translation>
  </message>
  <message>
   <source>Go on with</source>
   <translation>Go on with</translation>
  </message>
  <message>
   <source>New project…</source>
   <translation>New project…</translation>
  </message>
  <message>
   <source>Open project…</source>
   <translation>Open project…</translation>
  </message>
  <message>
   <source>Open a station…</source>
   <translation>Open a station…</translation>
  </message>
  <message>
   <source>Watch a line that judges by itself, and look up what it judged</source>
   <translation>Watch a line that judges by itself, and look up what it judged</translation>
  </message>
  <message>
   <source>One project for each product: nothing of one gets into another</source>
   <translation>One project for each product: nothing of one gets into another</translation>
  </message>
 </context>
 <context>
  <name>Station</name>
  <message>
   <source>Verdict</source>
   <translation>Verdict</translation>
  </message>
  <message>
   <source>Score</source>
   <translation>Score</translation>
  </message>
  <message>
   <source>Reason</source>
   <translation>Reason</translation>
  </message>
  <message>
   <source>Part</source>
   <translation>Part</translation>
  </message>
  <message>
   <source>Lot</source>
   <translation>Lot</translation>
  </message>
  <message>
   <source>Time</source>
   <translation>Time</translation>
  </message>
  <message>
   <source>Operator</source>
   <translation>Operator</translation>
  </message>
  <message>
   <source>Shift</source>
   <translation>Shift</translation>
  </message>
  <message>
   <source>Picture</source>
   <translation>Picture</translation>
  </message>
  <message>
   <source>Model</source>
   <translation>Model</translation>
  </message>
  <message>
   <source>Took</source>
   <translation>Took</translation>
  </message>
  <message>
   <source>Look</source>
   <translation>Look</translation>
  </message>
  <message>
   <source>Number</source>
   <translation>Number</translation>
  </message>
  <message>
   <source>Hash</source>
   <translation>Hash</translation>
  </message>
  <message>
   <source>brightness %1, contrast %2, sharpness %3</source>
   <translation>brightness %1, contrast %2, sharpness %3</translation>
  </message>
  <message>
   <source>The station hangs: its last heartbeat was at %1. Nothing is judged.</source>
   <translation>The station hangs: its last heartbeat was at %1. Nothing is judged.</translation>
  </message>
  <message>
   <source>The station starts: its model is opened.</source>
   <translation>The station starts: its model is opened.</translation>
  </message>
  <message>
   <source>The station judges what comes.</source>
   <translation>The station judges what comes.</translation>
  </message>
  <message>
   <source>The station pauses: nothing is judged.</source>
   <translation>The station pauses: nothing is judged.</translation>
  </message>
  <message>
   <source>The station is locked: nothing is judged.</source>
   <translation>The station is locked: nothing is judged.</translation>
  </message>
  <message>
   <source>The station has a fault: see the alarms.</source>
   <translation>The station has a fault: see the alarms.</translation>
  </message>
  <message>
   <source>The station does not run: it never did.</source>
   <translation>The station does not run: it never did.</translation>
  </message>
  <message>
   <source>The station does not run: it was stopped at %1.</source>
   <translation>The station does not run: it was stopped at %1.</translation>
  </message>
  <message>
   <source>The station does not run: it ended at %1 without having been stopped.</source>
   <translation>The station does not run: it ended at %1 without having been stopped.</translation>
  </message>
  <message>
   <source>Pictures</source>
   <translation>Pictures</translation>
  </message>
  <message>
   <source>Judging</source>
   <translation>Judging</translation>
  </message>
  <message>
   <source>Records</source>
   <translation>Records</translation>
  </message>
  <message>
   <source>Waiting</source>
   <translation>Waiting</translation>
  </message>
  <message>
   <source>Watch</source>
   <translation>Watch</translation>
  </message>
  <message>
   <source>off</source>
   <translation>off</translation>
  </message>
  <message>
   <source>well</source>
   <translation>well</translation>
  </message>
  <message>
   <source>fault</source>
   <translation>fault</translation>
  </message>
  <message>
   <source>How the station is cannot be seen.</source>
   <translation>How the station is cannot be seen.</translation>
  </message>
  <message>
   <source>The records of the station cannot be read.</source>
   <translation>The records of the station cannot be read.</translation>
  </message>
  <message>
   <source>running</source>
   <translation>running</translation>
  </message>
  <message>
   <source>starting</source>
   <translation>starting</translation>
  </message>
  <message>
   <source>paused</source>
   <translation>paused</translation>
  </message>
  <message>
   <source>locked</source>
   <translation>locked</translation>
  </message>
  <message>
   <source>not filed</source>
   <translation>not filed</translation>
  </message>
  <message>
   <source>as before</source>
   <translation>as before</translation>
  </message>
  <message>
   <source>changed</source>
   <translation>changed</translation>
  </message>
  <message>
   <source>none</source>
   <translation>none</translation>
  </message>
  <message>
   <source>sending</source>
   <translation>sending</translation>
  </message>
  <message>
   <source>%1, for %2</source>
   <translation>%1, for %2</translation>
  </message>
  <message>
   <source>Only the records of this station are known: open the file of its line to start it.</source>
   <translation>Only the records of this station are known: open the file of its line to start it.</translation>
  </message>
  <message>
   <source>The station cannot be started (%1).</source>
   <translation>The station cannot be started (%1).</translation>
  </message>
  <message>
   <source>%1 cannot be written (%2).</source>
   <translation>%1 cannot be written (%2).</translation>
  </message>
  <message>
   <source>look at this</source>
   <translation>look at this</translation>
  </message>
  <message>
   <source>No map: this picture could not be judged.</source>
   <translation>No map: this picture could not be judged.</translation>
  </message>
  <message>
   <source>Judged again, its score is %1; recorded is %2. Boxes are as recorded.</source>
   <translation>Judged again, its score is %1; recorded is %2. Boxes are as recorded.</translation>
  </message>
  <message>
   <source>No map: this model judges the image as a whole.</source>
   <translation>No map: this model judges the image as a whole.</translation>
  </message>
  <message>
   <source>The picture was removed by the rule of how long pictures are kept (%1).</source>
   <translation>The picture was removed by the rule of how long pictures are kept (%1).</translation>
  </message>
  <message>
   <source>The picture is not there any more: %1</source>
   <translation>The picture is not there any more: %1</translation>
  </message>
  <message>
   <source>The picture was changed after it was judged: it is not the same file.</source>
   <translation>The picture was changed after it was judged: it is not the same file.</translation>
  </message>
  <message>
   <source>No map: the model that judged it (%1, SHA-256 %2…) is not there. Boxes are as recorded.</source>
   <translation>No map: the model that judged it (%1, SHA-256 %2…) is not there. Boxes are as recorded.</translation>
  </message>
  <message>
   <source>%1 has not answered since %2.</source>
   <translation>%1 has not answered since %2.</translation>
  </message>
  <message>
   <source>Challenge</source>
   <translation>Challenge</translation>
  </message>
 </context>
 <context>
  <name>StationActions</name>
  <message>
   <source>Open a station…</source>
   <translation>Open a station…</translation>
  </message>
 </context>
 <context>
  <name>StationMenus</name>
  <message>
   <source>&amp;Help</source>
   <translation>&amp;Help</translation>
  </message>
  <message>
   <source>Help on this window</source>
   <translation>Help on this window</translation>
  </message>
  <message>
   <source>&amp;Station</source>
   <translation>&amp;Station</translation>
  </message>
  <message>
   <source>Open a station…</source>
   <translation>Open a station…</translation>
  </message>
  <message>
   <source>Open the plant…</source>
   <translation>Open the plant…</translation>
  </message>
  <message>
   <source>Recent stations</source>
   <translation>Recent stations</translation>
  </message>
  <message>
   <source>Start the station</source>
   <translation>Start the station</translation>
  </message>
  <message>
   <source>Stop the station…</source>
   <translation>Stop the station…</translation>
  </message>
  <message>
   <source>Sign in…</source>
   <translation>Sign in…</translation>
  </message>
  <message>
   <source>Sign out</source>
   <translation>Sign out</translation>
  </message>
  <message>
   <source>Unlock the station…</source>
   <translation>Unlock the station…</translation>
  </message>
  <message>
   <source>Approve settings and model…</source>
   <translation>Approve settings and model…</translation>
  </message>
  <message>
   <source>Close</source>
   <translation>Close</translation>
  </message>
  <message>
   <source>&amp;View</source>
   <translation>&amp;View</translation>
  </message>
  <message>
   <source>Pages</source>
   <translation>Pages</translation>
  </message>
  <message>
   <source>1 Operator</source>
   <translation>1 Operator</translation>
  </message>
  <message>
   <source>2 Engineer</source>
   <translation>2 Engineer</translation>
  </message>
  <message>
   <source>Full screen</source>
   <translation>Full screen</translation>
  </message>
  <message>
   <source>Lock the operator's view…</source>
   <translation>Lock the operator's view…</translation>
  </message>
 </context>
 <context>
  <name>StationPlace</name>
  <message>
   <source>%1 is no folder of a station's records.</source>
   <translation>%1 is no folder of a station's records.</translation>
  </message>
 </context>
 <context>
  <name>StationView</name>
  <message>
   <source>Stop %1? What comes meanwhile waits, and is judged after the next start.</source>
   <translation>Stop %1? What comes meanwhile waits, and is judged after the next start.</translation>
  </message>
  <message>
   <source>Stop the station</source>
   <translation>Stop the station</translation>
  </message>
  <message>
   <source>%1 stops after the part at hand.</source>
   <translation>%1 stops after the part at hand.</translation>
  </message>
 </context>
 <context>
  <name>StationWindow</name>
  <message>
   <source>Stations</source>
   <translation>Stations</translation>
  </message>
  <message>
   <source>No station is open. Open the file of its line (line1.toml) or its records.</source>
   <translation>No station is open. Open the file of its line (line1.toml) or its records.</translation>
  </message>
  <message>
   <source>Open a station…</source>
   <translation>Open a station…</translation>
  </message>
  <message>
   <source>Full screen (F11)</source>
   <translation>Full screen (F11)</translation>
  </message>
  <message>
   <source>Lock: a PIN leads back</source>
   <translation>Lock: a PIN leads back</translation>
  </message>
  <message>
   <source>Lines and records (%1)</source>
   <translation>Lines and records (%1)</translation>
  </message>
  <message>
   <source>Open a station</source>
   <translation>Open a station</translation>
  </message>
  <message>
   <source>Unlock…</source>
   <translation>Unlock…</translation>
  </message>
 </context>
 <context>
  <name>StatusLine</name>
  <message>
   <source>Ready.</source>
   <translation>Ready.</translation>
  </message>
  <message>
   <source>Threshold from: %1.</source>
   <translation>Threshold from: %1.</translation>
  </message>
  <message>
   <source>Give good parts of another day to trust it on other days.</source>
   <translation>Give good parts of another day to trust it on other days.</translation>
  </message>
 </context>
 <context>
  <name>StudyPage</name>
  <message>
   <source>Do people judge alike, and rightly? Several judge the same parts several times.</source>
   <translation>Do people judge alike, and rightly? Several judge the same parts several times.</translation>
  </message>
  <message>
   <source>Plan a study…</source>
   <translation>Plan a study…</translation>
  </message>
  <message>
   <source>Which study</source>
   <translation>Which study</translation>
  </message>
  <message>
   <source>Report as PDF…</source>
   <translation>Report as PDF…</translation>
  </message>
  <message>
   <source>%1 has judged all of trial %2.</source>
   <translation>%1 has judged all of trial %2.</translation>
  </message>
  <message>
   <source>Write the report</source>
   <translation>Write the report</translation>
  </message>
  <message>
   <source>Saved to %1.</source>
   <translation>Saved to %1.</translation>
  </message>
 </context>
 <context>
  <name>StudyReport</name>
  <message>
   <source>Station</source>
   <translation>Station</translation>
  </message>
  <message>
   <source>Planned</source>
   <translation>Planned</translation>
  </message>
  <message>
   <source>Conclusion</source>
   <translation>Conclusion</translation>
  </message>
  <message>
   <source>What the numbers mean</source>
   <translation>What the numbers mean</translation>
  </message>
 </context>
 <context>
  <name>ThresholdBar</name>
  <message>
   <source>Allowed false alarms</source>
   <translation>Allowed false alarms</translation>
  </message>
  <message>
   <source>The default rule: so many of the good parts may be rejected</source>
   <translation>The default rule: so many of the good parts may be rejected</translation>
  </message>
  <message>
   <source>Mean − k σ</source>
   <translation>Mean − k σ</translation>
  </message>
  <message>
   <source>The textbook rule on training scores: it promises nothing; see what is to expect</source>
   <translation>The textbook rule on training scores: it promises nothing; see what is to expect</translation>
  </message>
  <message>
   <source>Best F1</source>
   <translation>Best F1</translation>
  </message>
  <message>
   <source>From the labels: needs good images and defects</source>
   <translation>From the labels: needs good images and defects</translation>
  </message>
  <message>
   <source>Set by:</source>
   <translation>Set by:</translation>
  </message>
  <message>
   <source>The threshold as log-likelihood: images below it are judged defect</source>
   <translation>The threshold as log-likelihood: images below it are judged defect</translation>
  </message>
  <message>
   <source>off</source>
   <translation>off</translation>
  </message>
  <message>
   <source>Within so much of the threshold the verdict is: not sure. Drag its lines in the plot</source>
   <translation>Within so much of the threshold the verdict is: not sure. Drag its lines in the plot</translation>
  </message>
  <message>
   <source>Back to the calibrated threshold</source>
   <translation>Back to the calibrated threshold</translation>
  </message>
  <message>
   <source>The threshold the training chose</source>
   <translation>The threshold the training chose</translation>
  </message>
  <message>
   <source>Threshold (log-likelihood)</source>
   <translation>Threshold (log-likelihood)</translation>
  </message>
  <message>
   <source>Threshold</source>
   <translation>Threshold</translation>
  </message>
  <message>
   <source>To expect: %1.</source>
   <translation>To expect: %1.</translation>
  </message>
  <message>
   <source>Not sure within</source>
   <translation>Not sure within</translation>
  </message>
  <message>
   <source>k of the rule mean − k σ</source>
   <translation>k of the rule mean − k σ</translation>
  </message>
  <message>
   <source>No model yet.</source>
   <translation>No model yet.</translation>
  </message>
  <message>
   <source>Rule %1, from: %2.</source>
   <translation>Rule %1, from: %2.</translation>
  </message>
  <message>
   <source>false alarms %1</source>
   <translation>false alarms %1</translation>
  </message>
  <message>
   <source>misses %1</source>
   <translation>misses %1</translation>
  </message>
  <message>
   <source>not sure %1</source>
   <translation>not sure %1</translation>
  </message>
  <message>
   <source>cannot judge %1</source>
   <translation>cannot judge %1</translation>
  </message>
  <message>
   <source>%1: %2 of %3 found</source>
   <translation>%1: %2 of %3 found</translation>
  </message>
  <message>
   <source>%1 (%2 good, %3 defects)</source>
   <translation>%1 (%2 good, %3 defects)</translation>
  </message>
  <message>
   <source>%1 of %2 (%3 to %4)</source>
   <translation>%1 of %2 (%3 to %4)</translation>
  </message>
 </context>
 <context>
  <name>ThumbnailLegend</name>
  <message>
   <source>What the marks of the thumbnails mean</source>
   <translation>What the marks of the thumbnails mean</translation>
  </message>
  <message>
   <source>framed: label differs</source>
   <translation>framed: label differs</translation>
  </message>
 </context>
 <context>
  <name>Tour</name>
  <message>
   <source>Step %1 of %2</source>
   <translation>Step %1 of %2</translation>
  </message>
 </context>
 <context>
  <name>TourCard</name>
  <message>
   <source>Leave</source>
   <translation>Leave</translation>
  </message>
 </context>
 <context>
  <name>TrainedText</name>
  <message>
   <source>By the images of the first day alone: %1 The threshold rests on the other day's.</source>
   <translation>By the images of the first day alone: %1 The threshold rests on the other day's.</translation>
  </message>
  <message>
   <source>Features of %1 were known from before.</source>
   <translation>Features of %1 were known from before.</translation>
  </message>
  <message>
   <source>Could not be used</source>
   <translation>Could not be used</translation>
  </message>
  <message>
   <source>Copies of others, used once</source>
   <translation>Copies of others, used once</translation>
  </message>
  <message>
   <source>Remarks</source>
   <translation>Remarks</translation>
  </message>
  <message>
   <source>Given: %1 of %2 (%3).</source>
   <translation>Given: %1 of %2 (%3).</translation>
  </message>
  <message>
   <source>Learned from %1 of %2 (%3).</source>
   <translation>Learned from %1 of %2 (%3).</translation>
  </message>
  <message>
   <source>The network learned from %1.</source>
   <translation>The network learned from %1.</translation>
  </message>
  <message>
   <source>The network learned from %1; the threshold rests on the %2 it never saw.</source>
   <translation>The network learned from %1; the threshold rests on the %2 it never saw.</translation>
  </message>
  <message>
   <source>The threshold rests on %1.</source>
   <translation>The threshold rests on %1.</translation>
  </message>
  <message>
   <source>Promised: no more than %1 good parts rejected.</source>
   <translation>Promised: no more than %1 good parts rejected.</translation>
  </message>
  <message>
   <source>To expect: %1.</source>
   <translation>To expect: %1.</translation>
  </message>
 </context>
 <context>
  <name>TrainingQuestions</name>
  <message>
   <source>They show one part: they are judged together</source>
   <translation>They show one part: they are judged together</translation>
  </message>
  <message>
   <source>Every image shows a part of its own: train again so</source>
   <translation>Every image shows a part of its own: train again so</translation>
  </message>
  <message>
   <source>They are no good parts, and are not learned from</source>
   <translation>They are no good parts, and are not learned from</translation>
  </message>
  <message>
   <source>They are good parts as well: train again with them</source>
   <translation>They are good parts as well: train again with them</translation>
  </message>
  <message>
   <source>&amp;One part</source>
   <translation>&amp;One part</translation>
  </message>
  <message>
   <source>&amp;Different parts</source>
   <translation>&amp;Different parts</translation>
  </message>
  <message>
   <source>&amp;Leave out</source>
   <translation>&amp;Leave out</translation>
  </message>
  <message>
   <source>&amp;Keep</source>
   <translation>&amp;Keep</translation>
  </message>
  <message>
   <source>Learn all kinds of parts together</source>
   <translation>Learn all kinds of parts together</translation>
  </message>
  <message>
   <source>&amp;All are good</source>
   <translation>&amp;All are good</translation>
  </message>
  <message>
   <source>All %1 seem to show one part.</source>
   <translation>All %1 seem to show one part.</translation>
  </message>
  <message>
   <source>%1 were taken to show %2, such as these:</source>
   <translation>%1 were taken to show %2, such as these:</translation>
  </message>
  <message>
   <source>It can't be told from the images whether they show one part or several.</source>
   <translation>It can't be told from the images whether they show one part or several.</translation>
  </message>
  <message numerus="yes">
   <source>%n image(s) unlike the other %1:</source>
   <translation>
    <numerusform>%n image unlike the other %1:</numerusform>
    <numerusform>%n images unlike the other %1:</numerusform>
   </translation>
  </message>
  <message>
   <source>learned from all the same.</source>
   <translation>learned from all the same.</translation>
  </message>
  <message numerus="yes">
   <source>one of %n like it</source>
   <translation>
    <numerusform>one of %n like it</numerusform>
    <numerusform>one of %n like it</numerusform>
   </translation>
  </message>
  <message>
   <source>The good images seem to show several kinds of parts. A model of each finds more:</source>
   <translation>The good images seem to show several kinds of parts. A model of each finds more:</translation>
  </message>
 </context>
 <context>
  <name>TrainingRequests</name>
  <message>
   <source>Measuring how fast images are judged…</source>
   <translation>Measuring how fast images are judged…</translation>
  </message>
  <message>
   <source>Choose good images to see how fast they would be judged.</source>
   <translation>Choose good images to see how fast they would be judged.</translation>
  </message>
 </context>
 <context>
  <name>TrendView</name>
  <message>
   <source>Rejected among the last %1, in percent</source>
   <translation>Rejected among the last %1, in percent</translation>
  </message>
  <message>
   <source>Scores, the threshold at 1</source>
   <translation>Scores, the threshold at 1</translation>
  </message>
 </context>
 <context>
  <name>TurnList</name>
  <message>
   <source>Each judges alone and sees no picture of another's turn. Let some time pass between the trials of one person: what is remembered is not judged.</source>
   <translation>Each judges alone and sees no picture of another's turn. Let some time pass between the trials of one person: what is remembered is not judged.</translation>
  </message>
  <message>
   <source>Who has judged how much</source>
   <translation>Who has judged how much</translation>
  </message>
  <message>
   <source>%1 of %2 answers are given.</source>
   <translation>%1 of %2 answers are given.</translation>
  </message>
  <message>
   <source>Trial %1</source>
   <translation>Trial %1</translation>
  </message>
  <message>
   <source>Operator</source>
   <translation>Operator</translation>
  </message>
  <message>
   <source>%1 of %2</source>
   <translation>%1 of %2</translation>
  </message>
  <message>
   <source>%1 has judged everything</source>
   <translation>%1 has judged everything</translation>
  </message>
  <message>
   <source>%1 judges: trial %2</source>
   <translation>%1 judges: trial %2</translation>
  </message>
 </context>
 <context>
  <name>Updates</name>
  <message>
   <source>Add good images to the model</source>
   <translation>Add good images to the model</translation>
  </message>
  <message>
   <source>Select an image that the model learned from, to take it out.</source>
   <translation>Select an image that the model learned from, to take it out.</translation>
  </message>
  <message>
   <source>Added %1.</source>
   <translation>Added %1.</translation>
  </message>
  <message>
   <source>Took out %1.</source>
   <translation>Took out %1.</translation>
  </message>
  <message>
   <source>Not added, as copies of others: %1.</source>
   <translation>Not added, as copies of others: %1.</translation>
  </message>
  <message>
   <source>The model rests on %1 now.</source>
   <translation>The model rests on %1 now.</translation>
  </message>
 </context>
 <context>
  <name>VerdictView</name>
  <message>
   <source>Map</source>
   <translation>Map</translation>
  </message>
  <message>
   <source>Show the map over the image, or not</source>
   <translation>Show the map over the image, or not</translation>
  </message>
  <message>
   <source>Sound</source>
   <translation>Sound</translation>
  </message>
  <message>
   <source>Sound a short tone for every defect</source>
   <translation>Sound a short tone for every defect</translation>
  </message>
  <message>
   <source>Full screen</source>
   <translation>Full screen</translation>
  </message>
  <message>
   <source>Fill the screen (F11)</source>
   <translation>Fill the screen (F11)</translation>
  </message>
  <message>
   <source>Lock</source>
   <translation>Lock</translation>
  </message>
  <message>
   <source>Let nothing be changed by accident: a PIN leads back</source>
   <translation>Let nothing be changed by accident: a PIN leads back</translation>
  </message>
  <message>
   <source>Drop an image</source>
   <translation>Drop an image</translation>
  </message>
  <message>
   <source>Part %1</source>
   <translation>Part %1</translation>
  </message>
 </context>
 <context>
  <name>WindowKeeper</name>
  <message>
   <source>%1 cannot be written (%2): nothing is kept for after a crash; save what you make.</source>
   <translation>%1 cannot be written (%2): nothing is kept for after a crash; save what you make.</translation>
  </message>
  <message>
   <source>The language cannot change while something is at work: wait for its end, or stop it.</source>
   <translation>The language cannot change while something is at work: wait for its end, or stop it.</translation>
  </message>
 </context>
 <context>
  <name>Workshop</name>
  <message>
   <source>Training</source>
   <translation>Training</translation>
  </message>
  <message>
   <source>Comparing</source>
   <translation>Comparing</translation>
  </message>
  <message>
   <source>Opening</source>
   <translation>Opening</translation>
  </message>
  <message>
   <source>Saving</source>
   <translation>Saving</translation>
  </message>
  <message>
   <source>There is no model yet: train one or open one first.</source>
   <translation>There is no model yet: train one or open one first.</translation>
  </message>
  <message>
   <source>Updating the model</source>
   <translation>Updating the model</translation>
  </message>
  <message>
   <source>Scoring</source>
   <translation>Scoring</translation>
  </message>
  <message>
   <source>Telling parts apart</source>
   <translation>Telling parts apart</translation>
  </message>
  <message>
   <source>Looking at one image</source>
   <translation>Looking at one image</translation>
  </message>
  <message>
   <source>Reconstructing</source>
   <translation>Reconstructing</translation>
  </message>
  <message>
   <source>Measuring speed</source>
   <translation>Measuring speed</translation>
  </message>
  <message>
   <source>Unpacking the sample</source>
   <translation>Unpacking the sample</translation>
  </message>
  <message numerus="yes">
   <source>%n file(s) of other kinds were passed over.</source>
   <translation>
    <numerusform>%n file of other kinds were passed over.</numerusform>
    <numerusform>%n files of other kinds were passed over.</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>Writing</name>
  <message numerus="yes">
   <source>%1: %n result(s).</source>
   <translation>
    <numerusform>%1: %n result.</numerusform>
    <numerusform>%1: %n results.</numerusform>
   </translation>
  </message>
  <message>
   <source>Saved to %1.</source>
   <translation>Saved to %1.</translation>
  </message>
 </context>
 <context>
  <name>WrongAndRight</name>
  <message>
   <source>false alarms (good judged defect)</source>
   <translation>false alarms (good judged defect)</translation>
  </message>
  <message>
   <source>good judged good</source>
   <translation>good judged good</translation>
  </message>
  <message>
   <source>misses (defect judged good)</source>
   <translation>misses (defect judged good)</translation>
  </message>
  <message>
   <source>defect judged defect</source>
   <translation>defect judged defect</translation>
  </message>
  <message>
   <source>good, not sure</source>
   <translation>good, not sure</translation>
  </message>
  <message>
   <source>defect, not sure</source>
   <translation>defect, not sure</translation>
  </message>
  <message>
   <source>%1: %2</source>
   <translation>%1: %2</translation>
  </message>
 </context>
 <context>
  <name>WrongQuestion</name>
  <message>
   <source>It is good</source>
   <translation>It is good</translation>
  </message>
  <message>
   <source>It is a defect</source>
   <translation>It is a defect</translation>
  </message>
  <message>
   <source>Cancel</source>
   <translation>Cancel</translation>
  </message>
  <message>
   <source>Label and verdict are the same. What is it really?</source>
   <translation>Label and verdict are the same. What is it really?</translation>
  </message>
  <message>
   <source>The verdict is neither good nor defect. What is it?</source>
   <translation>The verdict is neither good nor defect. What is it?</translation>
  </message>
 </context>
 <context>
  <name>YieldPlot</name>
  <message>
   <source>Yield, in percent</source>
   <translation>Yield, in percent</translation>
  </message>
  <message>
   <source>Rejected, in percent</source>
   <translation>Rejected, in percent</translation>
  </message>
  <message>
   <source>What is drawn</source>
   <translation>What is drawn</translation>
  </message>
  <message>
   <source>Yield over time</source>
   <translation>Yield over time</translation>
  </message>
  <message>
   <source>%1 more: choose above which to draw</source>
   <translation>%1 more: choose above which to draw</translation>
  </message>
  <message>
   <source>No part in this time.</source>
   <translation>No part in this time.</translation>
  </message>
 </context>
 <context>
  <name>corrections</name>
  <message>
   <source>correct the next training</source>
   <translation>correct the next training</translation>
  </message>
 </context>
 <context>
  <name>remarks</name>
  <message>
   <source>say something of an image</source>
   <translation>say something of an image</translation>
  </message>
 </context>
 <context>
  <name>session</name>
  <message numerus="yes">
   <source>label %n image(s)</source>
   <translation>
    <numerusform>label %n image</numerusform>
    <numerusform>label %n images</numerusform>
   </translation>
  </message>
 </context>
 <context>
  <name>state</name>
  <message>
   <source>set the threshold</source>
   <translation>set the threshold</translation>
  </message>
 </context>
</TS>
