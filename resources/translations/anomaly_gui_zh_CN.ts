<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>AccessDesk</name>
    <message>
        <source>Results name who is signed in at %1. Five wrong passwords lock a person for a time.</source>
        <translation>结果中会记录在 %1 登录的人员。连续五次密码错误会使该人员锁定一段时间。</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>An engineer who found out why signs that %1 goes on. It was locked: %2</source>
        <translation>工程师查明原因后签字，使 %1 继续工作。锁定原因：%2</translation>
    </message>
    <message>
        <source>Unlock the station</source>
        <translation>解锁工位</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>An engineer approves the settings, the model with its threshold and region of interest, and the outputs of %1, as they are now. It judges with nothing else.</source>
        <translation>工程师批准 %1 当前的设置、模型及其阈值和感兴趣区域，以及输出。工位不使用其他内容判定。</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>批准</translation>
    </message>
</context>
<context>
    <name>AlarmList</name>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>无。</translation>
    </message>
</context>
<context>
    <name>AuditModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>AuditPage</name>
    <message>
        <source>Audit</source>
        <translation>审计记录</translation>
    </message>
    <message>
        <source>All entries</source>
        <translation>全部记录</translation>
    </message>
    <message>
        <source>Alarms</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>Warnings of drift</source>
        <translation>漂移警告</translation>
    </message>
    <message>
        <source>Which entries</source>
        <translation>显示哪些记录</translation>
    </message>
    <message>
        <source>Newer entries</source>
        <translation>较新的记录</translation>
    </message>
    <message>
        <source>Older entries</source>
        <translation>较早的记录</translation>
    </message>
</context>
<context>
    <name>BusyBar</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop; what was there before stays as it is (Esc)</source>
        <translation>停止；先前的内容保持不变（Esc）</translation>
    </message>
    <message>
        <source>Stop, keep the best</source>
        <translation>停止，保留最好的</translation>
    </message>
    <message>
        <source>End the learning now; the network takes the weights of its best epoch</source>
        <translation>现在结束学习；网络采用最好一轮的权重</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>正在停止…</translation>
    </message>
    <message numerus="yes">
        <source>%n more waiting</source>
        <translation>
            <numerusform>还有 %n 项等待</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 images/s</source>
        <translation>%1 图像/秒</translation>
    </message>
    <message>
        <source>, at most %1 left</source>
        <translation>，最多剩余 %1</translation>
    </message>
    <message>
        <source>, %1 left</source>
        <translation>，剩余 %1</translation>
    </message>
    <message>
        <source>about %1 left</source>
        <translation>约剩 %1</translation>
    </message>
</context>
<context>
    <name>CameraBar</name>
    <message>
        <source>Next part</source>
        <translation>下一个零件</translation>
    </message>
    <message>
        <source>scan or type</source>
        <translation>扫描或键入</translation>
    </message>
    <message>
        <source>Take a picture</source>
        <translation>拍摄图像</translation>
    </message>
</context>
<context>
    <name>CameraDesk</name>
    <message>
        <source>“%1” goes with the next picture.</source>
        <translation>“%1”将用于下一幅图像。</translation>
    </message>
    <message>
        <source>No code goes with the next picture.</source>
        <translation>下一幅图像不使用编码。</translation>
    </message>
    <message>
        <source>A picture was taken: %1</source>
        <translation>已拍摄一幅图像：%1</translation>
    </message>
</context>
<context>
    <name>CentralArea</name>
    <message>
        <source>Scatter</source>
        <translation>散点图</translation>
    </message>
    <message>
        <source>ROC and counts</source>
        <translation>ROC 和计数</translation>
    </message>
</context>
<context>
    <name>ComparisonView</name>
    <message>
        <source>Detectors compared</source>
        <translation>检测器比较</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>使用此项</translation>
    </message>
    <message>
        <source>Train with the chosen row (double click)</source>
        <translation>用选中的行训练（双击）</translation>
    </message>
    <message>
        <source>%1 good images, each judged without it, and %2 defects.</source>
        <translation>%1 幅合格品图像（逐幅留出判定）和 %2 个缺陷。</translation>
    </message>
    <message>
        <source>Learned features: judged on good images they were not learned from.</source>
        <translation>学习得到的特征：用未参与学习的合格品图像判定。</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>层</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>尺寸</translation>
    </message>
    <message>
        <source>AUROC</source>
        <translation>AUROC</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>检出</translation>
    </message>
    <message>
        <source>Images/s</source>
        <translation>图像/秒</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>MB</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>images a second on this machine</source>
        <translation>本机每秒图像数</translation>
    </message>
    <message>
        <source>defects found, %</source>
        <translation>缺陷检出率，%</translation>
    </message>
</context>
<context>
    <name>ConditionStrip</name>
    <message>
        <source>Start the station</source>
        <translation>启动工位</translation>
    </message>
    <message>
        <source>Approve…</source>
        <translation>批准…</translation>
    </message>
    <message>
        <source>Unlock…</source>
        <translation>解锁…</translation>
    </message>
    <message>
        <source>It is locked until an engineer signs: %1</source>
        <translation>在工程师签字之前保持锁定：%1</translation>
    </message>
    <message>
        <source>Call an engineer, who finds out why, and signs: anomaly-gui station unlock, with the file of the line. Until then parts wait, and none is lost.</source>
        <translation>请联系工程师查明原因并签字：anomaly-gui station unlock，后接产线文件。在此之前零件会等待，不会丢失。</translation>
    </message>
    <message>
        <source>Call an engineer, who finds out why, and signs. Until then parts wait, and none is lost.</source>
        <translation>请叫工程师查明原因并签字。在此之前零件等待，不会丢失。</translation>
    </message>
    <message>
        <source>Take parts from the line by hand until it judges again.</source>
        <translation>恢复判定之前，请人工将零件从产线取下。</translation>
    </message>
</context>
<context>
    <name>Corrections</name>
    <message>
        <source>Another model came meanwhile; the copies are kept in %1.</source>
        <translation>其间换了另一个模型；副本保存在 %1。</translation>
    </message>
    <message numerus="yes">
        <source>put aside %n image(s)</source>
        <translation>
            <numerusform>另存 %n 幅图像</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) put aside for the next training.</source>
        <translation>
            <numerusform>已为下次训练另存 %n 幅图像。</numerusform>
        </translation>
    </message>
    <message>
        <source>What was put aside cannot be kept: %1.</source>
        <translation>无法保存另存的图像：%1。</translation>
    </message>
    <message>
        <source>What was put aside cannot be read: %1.</source>
        <translation>无法读取另存的图像：%1。</translation>
    </message>
    <message>
        <source>%1 cannot be put aside (%2): check the drive and its space.</source>
        <translation>无法另存 %1（%2）：请检查硬盘及其剩余空间。</translation>
    </message>
</context>
<context>
    <name>CountsPanel</name>
    <message>
        <source>Yield</source>
        <translation>良率</translation>
    </message>
    <message>
        <source>Good ones of all that were judged good, defect or not sure</source>
        <translation>判为合格的占判为合格、不合格或待定的比例</translation>
    </message>
    <message>
        <source>New shift…</source>
        <translation>新班次…</translation>
    </message>
    <message>
        <source>Count from zero, from now on</source>
        <translation>从现在起重新计数</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>Begin a new shift</source>
        <translation>开始新班次</translation>
    </message>
    <message>
        <source>Count from zero, from now on? The records stay as they are.</source>
        <translation>从现在起重新计数？记录保持不变。</translation>
    </message>
</context>
<context>
    <name>CrashReport</name>
    <message>
        <source>A mistake of ours</source>
        <translation>程序出错</translation>
    </message>
    <message>
        <source>Something went wrong inside the program. Your model, threshold and labels are still here.</source>
        <translation>程序内部出错。您的模型、阈值和标记都还在。</translation>
    </message>
    <message>
        <source>The report is kept in %1.</source>
        <translation>报告保存在 %1。</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
</context>
<context>
    <name>DetectorAdvice</name>
    <message>
        <source>Use %1</source>
        <translation>改用 %1</translation>
    </message>
</context>
<context>
    <name>Docks</name>
    <message>
        <source>Gallery</source>
        <translation>图库</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>查看器</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>new model</source>
        <translation>新模型</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>打开模型</translation>
    </message>
    <message>
        <source>Save the model</source>
        <translation>保存模型</translation>
    </message>
    <message>
        <source>Models (*%1)</source>
        <translation>模型 (*%1)</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Export the plot</source>
        <translation>导出图表</translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation>已保存到 %1。</translation>
    </message>
</context>
<context>
    <name>DriftPage</name>
    <message>
        <source>What changed</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Brightness</source>
        <translation>亮度</translation>
    </message>
    <message>
        <source>Contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>清晰度</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
</context>
<context>
    <name>EngineerPage</name>
    <message>
        <source>History</source>
        <translation>历史记录</translation>
    </message>
    <message>
        <source>Drift</source>
        <translation>漂移</translation>
    </message>
    <message>
        <source>Alarms and audit</source>
        <translation>报警与审计</translation>
    </message>
    <message>
        <source>How people judge</source>
        <translation>人员判定一致性</translation>
    </message>
    <message>
        <source>Export results</source>
        <translation>导出结果</translation>
    </message>
    <message>
        <source>Shift report of %1</source>
        <translation>%1 班次报告</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>写入报告</translation>
    </message>
</context>
<context>
    <name>ExpertFold</name>
    <message>
        <source>Expert</source>
        <translation>专家</translation>
    </message>
    <message>
        <source>Network, layer, density and the like: automatic until you choose</source>
        <translation>网络、层、密度等：未选择时自动决定</translation>
    </message>
    <message>
        <source>Back to automatic</source>
        <translation>恢复自动</translation>
    </message>
    <message>
        <source>Changed: %1</source>
        <translation>已更改：%1</translation>
    </message>
</context>
<context>
    <name>FactList</name>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>排名</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>above %1 of %2 good images</source>
        <translation>高于 %2 幅合格品图像中的 %1 幅</translation>
    </message>
    <message>
        <source>the file is gone</source>
        <translation>文件已不在</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>任意时间</translation>
    </message>
    <message>
        <source>Since the shift began</source>
        <translation>本班次</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>The last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Between two moments</source>
        <translation>两个时刻之间</translation>
    </message>
    <message>
        <source>All verdicts</source>
        <translation>全部判定</translation>
    </message>
    <message>
        <source>All but good</source>
        <translation>除合格以外</translation>
    </message>
</context>
<context>
    <name>FolderField</name>
    <message>
        <source>Folder…</source>
        <translation>文件夹…</translation>
    </message>
    <message>
        <source>Folder: %1</source>
        <translation>文件夹：%1</translation>
    </message>
    <message>
        <source>Choose a folder; folders and files can be dropped here as well</source>
        <translation>选择文件夹；也可以把文件夹和文件拖放到这里</translation>
    </message>
    <message>
        <source>Take the folders away again</source>
        <translation>移除这些文件夹</translation>
    </message>
    <message numerus="yes">
        <source>%n other file(s) passed over</source>
        <translation>
            <numerusform>已略过 %n 个其他文件</numerusform>
        </translation>
    </message>
    <message>
        <source>looking at them: %1 of %2</source>
        <translation>正在查看：%1 / %2</translation>
    </message>
    <message>
        <source>There is no image in it.</source>
        <translation>其中没有图像。</translation>
    </message>
    <message>
        <source>Take as: %1</source>
        <translation>用作：%1</translation>
    </message>
</context>
<context>
    <name>Gallery</name>
    <message>
        <source>Nothing was dropped yet: drop images or a folder anywhere to have them judged.</source>
        <translation>还没有拖放图像：把图像或文件夹拖放到窗口任意处即可判定。</translation>
    </message>
    <message>
        <source>Score images…</source>
        <translation>判定图像…</translation>
    </message>
    <message>
        <source>Nothing is selected: drag a rectangle in the plot with Shift held.</source>
        <translation>未选择图像：按住 Shift 在图表中拖出矩形。</translation>
    </message>
    <message>
        <source>No false alarm at this threshold</source>
        <translation>此阈值下没有误报</translation>
    </message>
    <message>
        <source>No miss at this threshold</source>
        <translation>此阈值下没有漏检</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Wrong | right</source>
        <translation>判错 | 判对</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Dropped</source>
        <translation>拖放的</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>选中的</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n 幅图像</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HelpActions</name>
    <message>
        <source>Guided first run</source>
        <translation>入门向导</translation>
    </message>
    <message>
        <source>Key sheet</source>
        <translation>快捷键一览</translation>
    </message>
    <message>
        <source>Copy details for a report</source>
        <translation>复制报告所需的信息</translation>
    </message>
    <message>
        <source>Copied: paste it into your report. It names no files and holds no images.</source>
        <translation>已复制：请粘贴到您的报告中。其中没有文件名，也没有图像。</translation>
    </message>
    <message>
        <source>In the sample handwritten ones are the good parts, and sevens the defects. It learns the ones alone; that takes half a minute.</source>
        <translation>示例中，手写数字 1 是合格品，7 是缺陷。只学习 1，需要半分钟。</translation>
    </message>
    <message>
        <source>Show it good parts</source>
        <translation>给它看合格品</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>下一步</translation>
    </message>
    <message>
        <source>Every dot is an image. What lies beyond the line is a defect: drag the line.</source>
        <translation>每个点是一幅图像。越过线的判为不合格：请拖动这条线。</translation>
    </message>
    <message>
        <source>Good parts rejected, defects missed, and what to expect of other parts. Every step can be undone with Ctrl+Z.</source>
        <translation>被拒绝的合格品、漏掉的缺陷，以及对其他零件的预计。每一步都可以用 Ctrl+Z 撤销。</translation>
    </message>
    <message>
        <source>Click an image to see it large, beside the good parts most like it. “This was wrong” teaches the next training.</source>
        <translation>点击图像即可放大查看，旁边是与它最像的合格品。“判错了”会用于下次训练。</translation>
    </message>
    <message>
        <source>Move the line</source>
        <translation>移动这条线</translation>
    </message>
    <message>
        <source>Read the counts</source>
        <translation>看计数</translation>
    </message>
    <message>
        <source>Look at what is wrong</source>
        <translation>看判错的图像</translation>
    </message>
    <message>
        <source>This page is for the line: drop an image, read the verdict. Lock it, and nothing is changed by accident.</source>
        <translation>此页供产线使用：拖放图像，查看判定。锁定后不会误改任何内容。</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>Finish</source>
        <translation>完成</translation>
    </message>
</context>
<context>
    <name>HelpBrowser</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>HelpMenu</name>
    <message>
        <source>Help on this place</source>
        <translation>此处的帮助</translation>
    </message>
    <message>
        <source>All help pages</source>
        <translation>全部帮助页面</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Glossary</source>
        <translation>术语表</translation>
    </message>
</context>
<context>
    <name>HelpWindow</name>
    <message>
        <source>Help – Anomaly GUI</source>
        <translation>帮助 – Anomaly GUI</translation>
    </message>
    <message>
        <source>Help pages</source>
        <translation>帮助页面</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
</context>
<context>
    <name>HistoryModel</name>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>HistoryPage</name>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Newer results</source>
        <translation>较新的结果</translation>
    </message>
    <message>
        <source>Older results</source>
        <translation>较早的结果</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Write what is searched for as a table (CSV)</source>
        <translation>把查到的结果写成表格（CSV）</translation>
    </message>
    <message>
        <source>Shift report…</source>
        <translation>班次报告…</translation>
    </message>
    <message>
        <source>Write the report of what happened in the chosen time as PDF</source>
        <translation>把所选时间内的情况写成 PDF 报告</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>共 %1 条</translation>
    </message>
</context>
<context>
    <name>ImageMap</name>
    <message>
        <source>No map: this model judges the image as a whole. Train with the detector auto to see where.</source>
        <translation>没有异常图：此模型把图像作为整体判定。请用“自动”检测器训练以查看位置。</translation>
    </message>
    <message>
        <source>No map: this image could not be judged.</source>
        <translation>没有异常图：此图像无法判定。</translation>
    </message>
    <message>
        <source>No map was kept of this image; it is made when nothing else is at work.</source>
        <translation>此图像没有保存异常图；空闲时会生成。</translation>
    </message>
</context>
<context>
    <name>ImagesModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>good</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>defect</source>
        <translation>不合格</translation>
    </message>
</context>
<context>
    <name>ImagesTable</name>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Filter by name, folder or verdict</source>
        <translation>按名称、文件夹或判定筛选</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s)</source>
        <translation>
            <numerusform>%n 幅图像</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>1 good</source>
        <translation>1 合格</translation>
    </message>
    <message>
        <source>2 defect</source>
        <translation>2 不合格</translation>
    </message>
    <message>
        <source>0 none</source>
        <translation>0 无</translation>
    </message>
    <message>
        <source>Label the selected images (key %1)</source>
        <translation>标记选中的图像（按键 %1）</translation>
    </message>
    <message>
        <source>This was wrong</source>
        <translation>判错了</translation>
    </message>
    <message>
        <source>Label it as what it is, and put a copy aside for the next training (W)</source>
        <translation>按实际情况标记，并为下次训练另存一份副本（W）</translation>
    </message>
    <message>
        <source>Exclude from training</source>
        <translation>不参与训练</translation>
    </message>
    <message>
        <source>Leave the selected images out of the next training (X)</source>
        <translation>下次训练排除选中的图像（X）</translation>
    </message>
    <message>
        <source>Take out of the model</source>
        <translation>从模型中取出</translation>
    </message>
    <message>
        <source>Let the model forget the selected images at once, without a training (Shift+X)</source>
        <translation>让模型立即忘记选中的图像，无需训练（Shift+X）</translation>
    </message>
    <message>
        <source>Click a point or a thumbnail to look at an image.</source>
        <translation>点击点或缩略图即可查看图像。</translation>
    </message>
</context>
<context>
    <name>Intake</name>
    <message>
        <source>The operator&apos;s view is locked: projects and models are opened by who has its PIN.</source>
        <translation>操作员视图已锁定：只有知道 PIN 的人才能打开项目和模型。</translation>
    </message>
    <message>
        <source>The operator&apos;s view is locked</source>
        <translation>操作员视图已锁定</translation>
    </message>
    <message>
        <source>Open the project %1</source>
        <translation>打开项目 %1</translation>
    </message>
    <message>
        <source>Open the model %1</source>
        <translation>打开模型 %1</translation>
    </message>
    <message>
        <source>Open the station of %1</source>
        <translation>打开 %1 的工位</translation>
    </message>
    <message>
        <source>Judge with the model in use</source>
        <translation>用当前模型判定</translation>
    </message>
    <message>
        <source>Take as good images to learn from</source>
        <translation>用作要学习的合格品图像</translation>
    </message>
    <message>
        <source>Score images</source>
        <translation>判定图像</translation>
    </message>
    <message>
        <source>Score a folder</source>
        <translation>判定文件夹</translation>
    </message>
    <message>
        <source>Score a folder of good parts</source>
        <translation>判定合格品文件夹</translation>
    </message>
    <message>
        <source>Score a folder of defects</source>
        <translation>判定缺陷文件夹</translation>
    </message>
</context>
<context>
    <name>Journal</name>
    <message>
        <source>Labels and threshold are not kept for a restart (%1): save the model.</source>
        <translation>重新启动后标记和阈值将丢失（%1）：请保存模型。</translation>
    </message>
</context>
<context>
    <name>JudgedImages</name>
    <message>
        <source>There is no image in %1: choose a folder with images.</source>
        <translation>%1 中没有图像：请选择有图像的文件夹。</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) cannot be judged, such as %1: %2.</source>
        <translation>
            <numerusform>%n 个文件无法判定，如 %1：%2。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) labelled by the name of their folder.</source>
        <translation>
            <numerusform>已按文件夹名称标记 %n 幅图像。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JudgingView</name>
    <message>
        <source>How much of this turn is judged</source>
        <translation>本轮已判定多少</translation>
    </message>
    <message>
        <source>The part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Good (G)</source>
        <translation>合格 (G)</translation>
    </message>
    <message>
        <source>Defect (D)</source>
        <translation>不合格 (D)</translation>
    </message>
    <message>
        <source>Take the last answer back</source>
        <translation>撤回上一个答案</translation>
    </message>
    <message>
        <source>Stop for now</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>%1: trial %2 of %3</source>
        <translation>%1：第 %2 轮，共 %3 轮</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Look at part %1. Is it good, or a defect?</source>
        <translation>请看零件 %1。它合格还是不合格？</translation>
    </message>
    <message>
        <source>%1 cannot be shown (%2): put it back, and begin this turn again.</source>
        <translation>无法显示 %1（%2）：请放回原处，然后重新开始本轮。</translation>
    </message>
</context>
<context>
    <name>KeySheet</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>move the threshold</source>
        <translation>移动阈值</translation>
    </message>
    <message>
        <source>dragging moves, selects, zooms; show all</source>
        <translation>拖动用于移动、选择、缩放；显示全部</translation>
    </message>
    <message>
        <source>letters, digits</source>
        <translation>字母、数字</translation>
    </message>
    <message>
        <source>the part&apos;s number, typed or scanned; Enter ends it</source>
        <translation>零件号，键入或扫描；按 Enter 结束</translation>
    </message>
    <message>
        <source>In the plot</source>
        <translation>在图表中</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检测</translation>
    </message>
</context>
<context>
    <name>KindActions</name>
    <message>
        <source>Label defect: %1</source>
        <translation>标记为不合格：%1</translation>
    </message>
</context>
<context>
    <name>LanguageActions</name>
    <message>
        <source>Language</source>
        <translation>语言（Language）</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
</context>
<context>
    <name>Languages</name>
    <message>
        <source>No font on this computer has Chinese letters: install a font with them, such as Noto Sans CJK SC.</source>
        <translation>此计算机上没有中文字体：请安装一种，如 Noto Sans CJK SC。</translation>
    </message>
</context>
<context>
    <name>LearningView</name>
    <message>
        <source>Stop here and keep the best</source>
        <translation>到此停止，保留最好的</translation>
    </message>
    <message>
        <source>End the learning now. The network takes the weights of its best epoch, and the training goes on to the threshold.</source>
        <translation>现在结束学习。网络采用最好一轮的权重，训练继续到设定阈值。</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>轮次</translation>
    </message>
    <message>
        <source>Loss on images %1 it learns from, %2 kept from it; %3 best</source>
        <translation>损失：%1 学习的图像，%2 留出的图像；%3 最好</translation>
    </message>
    <message>
        <source>epoch %1 of %2, best so far: epoch %3</source>
        <translation>第 %1 轮，共 %2 轮；目前最好：第 %3 轮</translation>
    </message>
</context>
<context>
    <name>Leaving</name>
    <message>
        <source>The project is not saved</source>
        <translation>项目尚未保存</translation>
    </message>
    <message>
        <source>Model, labels and scored images are in no project yet. Save them?</source>
        <translation>模型、标记和已判定的图像还不在任何项目中。要保存吗？</translation>
    </message>
</context>
<context>
    <name>MapControls</name>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Show the image alone (M)</source>
        <translation>只显示图像（M）</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>异常图</translation>
    </message>
    <message>
        <source>Show the map over the image (M)</source>
        <translation>在图像上叠加异常图（M）</translation>
    </message>
    <message>
        <source>Split</source>
        <translation>分屏</translation>
    </message>
    <message>
        <source>Show the map to the right of a divider</source>
        <translation>在分隔线右侧显示异常图</translation>
    </message>
    <message>
        <source>Cool</source>
        <translation>冷色</translation>
    </message>
    <message>
        <source>Draw the map in blue: for parts that are yellow or red</source>
        <translation>用蓝色绘制异常图：适合黄色或红色的零件</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>不透明度</translation>
    </message>
    <message>
        <source>How much the map covers: %1 %</source>
        <translation>异常图的覆盖程度：%1%</translation>
    </message>
</context>
<context>
    <name>MapLegend</name>
    <message>
        <source>1.0: the level that only the promised share of good images exceeds anywhere</source>
        <translation>1.0：只有承诺比例的合格品图像会在某处超过的水平</translation>
    </message>
</context>
<context>
    <name>MapPicture</name>
    <message>
        <source>Drag the divider; a double click puts it in the middle</source>
        <translation>拖动分隔线；双击使其居中</translation>
    </message>
    <message>
        <source>Region %1, as it was recorded. A click zooms in; one beside it shows the whole</source>
        <translation>区域 %1，与记录一致。单击放大；单击旁边显示全图</translation>
    </message>
    <message>
        <source>Region %1: peak %2, %3 pixels. A click zooms in; one beside it shows the whole</source>
        <translation>区域 %1：峰值 %2，%3 像素。点击放大；点击旁边显示全图</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Anomaly GUI %1
One-class visual inspection: shown only good parts, it finds the bad ones.</source>
        <translation>Anomaly GUI %1
单类视觉检测：只看过合格品，就能找出不合格品。</translation>
    </message>
    <message>
        <source>About Anomaly GUI</source>
        <translation>关于 Anomaly GUI</translation>
    </message>
    <message>
        <source>New project…</source>
        <translation>新建项目…</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>打开项目…</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>最近的项目</translation>
    </message>
    <message>
        <source>Save project as…</source>
        <translation>项目另存为…</translation>
    </message>
    <message>
        <source>Duplicate project…</source>
        <translation>复制项目…</translation>
    </message>
    <message>
        <source>Models of the project…</source>
        <translation>项目的模型…</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Places</source>
        <translation>工作页面</translation>
    </message>
    <message>
        <source>1 Train</source>
        <translation>1 训练</translation>
    </message>
    <message>
        <source>2 Tune</source>
        <translation>2 调整</translation>
    </message>
    <message>
        <source>3 Inspect</source>
        <translation>3 检测</translation>
    </message>
    <message>
        <source>Scores as log-likelihoods</source>
        <translation>以对数似然显示得分</translation>
    </message>
    <message>
        <source>As in the worked example: high is normal, any unit</source>
        <translation>如示例：越高越正常，无固定单位</translation>
    </message>
    <message>
        <source>Maps on thumbnails</source>
        <translation>缩略图上显示异常图</translation>
    </message>
    <message>
        <source>Image or map</source>
        <translation>图像或异常图</translation>
    </message>
    <message>
        <source>Map: split view</source>
        <translation>异常图：分屏</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Open model…</source>
        <translation>打开模型…</translation>
    </message>
    <message>
        <source>Recent models</source>
        <translation>最近的模型</translation>
    </message>
    <message>
        <source>Stations</source>
        <translation>工位</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save model as…</source>
        <translation>模型另存为…</translation>
    </message>
    <message>
        <source>Add good images to the model…</source>
        <translation>向模型加入合格品图像…</translation>
    </message>
    <message>
        <source>Score images…</source>
        <translation>判定图像…</translation>
    </message>
    <message>
        <source>Score a folder…</source>
        <translation>判定文件夹…</translation>
    </message>
    <message>
        <source>Score a folder of good parts…</source>
        <translation>判定合格品文件夹…</translation>
    </message>
    <message>
        <source>Score a folder of defects…</source>
        <translation>判定缺陷文件夹…</translation>
    </message>
    <message>
        <source>Score pasted files</source>
        <translation>判定粘贴的文件</translation>
    </message>
    <message>
        <source>Remove scored images</source>
        <translation>移除已判定的图像</translation>
    </message>
    <message>
        <source>Export table as CSV…</source>
        <translation>导出表格为 CSV…</translation>
    </message>
    <message>
        <source>Export plot as picture…</source>
        <translation>导出图表为图片…</translation>
    </message>
    <message>
        <source>Reports</source>
        <translation>报告</translation>
    </message>
    <message>
        <source>Open the sample</source>
        <translation>打开示例</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>Label good</source>
        <translation>标记为合格</translation>
    </message>
    <message>
        <source>Label defect</source>
        <translation>标记为不合格</translation>
    </message>
    <message>
        <source>Remove label</source>
        <translation>移除标记</translation>
    </message>
    <message>
        <source>This was wrong</source>
        <translation>判错了</translation>
    </message>
    <message>
        <source>Exclude from training</source>
        <translation>不参与训练</translation>
    </message>
    <message>
        <source>Take out of the model</source>
        <translation>从模型中取出</translation>
    </message>
    <message>
        <source>Next image</source>
        <translation>下一幅图像</translation>
    </message>
    <message>
        <source>Previous image</source>
        <translation>上一幅图像</translation>
    </message>
    <message>
        <source>Next wrong image</source>
        <translation>下一幅判错的图像</translation>
    </message>
</context>
<context>
    <name>ModelPanel</name>
    <message>
        <source>Images put aside as wrongly judged, and images to leave out, count in the next training</source>
        <translation>因判错而另存的图像和要排除的图像，在下次训练中计入</translation>
    </message>
    <message>
        <source>Good images</source>
        <translation>合格品图像</translation>
    </message>
    <message>
        <source>Drop a folder of images of good parts here: 20 work, 100 or more are to be relied on.</source>
        <translation>把合格品图像的文件夹拖放到这里：20 幅可用，100 幅以上才可靠。</translation>
    </message>
    <message>
        <source>Good, another day</source>
        <translation>合格品，另一天</translation>
    </message>
    <message>
        <source>Calibration images: parts of another day, shift or light look a little different. Give some to be sure.</source>
        <translation>校准图像：另一天、另一班次或另一光照下的零件略有不同。给出一些更稳妥。</translation>
    </message>
    <message>
        <source>Known defects</source>
        <translation>已知缺陷</translation>
    </message>
    <message>
        <source>Optional: makes misses countable, and lets detectors be compared.</source>
        <translation>可选：可统计漏检，并可比较检测器。</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>Learn what good parts look like (Ctrl+T)</source>
        <translation>学习合格品的样子（Ctrl+T）</translation>
    </message>
    <message>
        <source>Compare detectors</source>
        <translation>比较检测器</translation>
    </message>
    <message>
        <source>Try every detector, backbone, layer and size on good images and known defects, if there are any</source>
        <translation>在合格品图像和已知缺陷（如有）上试用每种检测器、主干网络、层和尺寸</translation>
    </message>
    <message>
        <source>Compare learned features, too</source>
        <translation>也比较学习的特征</translation>
    </message>
    <message>
        <source>Train an autoencoder and Deep SVDD as well: each takes minutes</source>
        <translation>同时训练自编码器和 Deep SVDD：各需几分钟</translation>
    </message>
    <message>
        <source>Learning features</source>
        <translation>学习特征</translation>
    </message>
    <message numerus="yes">
        <source>%n good</source>
        <translation>
            <numerusform>%n 个合格品</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n defect(s)</source>
        <translation>
            <numerusform>%n 个缺陷</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n left out</source>
        <translation>
            <numerusform>%n 个已排除</numerusform>
        </translation>
    </message>
    <message>
        <source>Corrections: %1</source>
        <translation>更正：%1</translation>
    </message>
    <message>
        <source>“%1” (%2) is taken for the next training.</source>
        <translation>下次训练采用“%1”（%2）。</translation>
    </message>
</context>
<context>
    <name>NearestParts</name>
    <message>
        <source>Good parts most like it</source>
        <translation>与它最像的合格品</translation>
    </message>
    <message>
        <source>gone</source>
        <translation>已不在</translation>
    </message>
</context>
<context>
    <name>NextSteps</name>
    <message>
        <source>Learned. Something is asked that only you can tell: one click, and it is done.</source>
        <translation>已学习。有一个问题只有您知道答案：点一下即可。</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Only %1 of %2 known defects are found: look at those that are missed.</source>
        <translation>%2 个已知缺陷中只检出 %1 个：请看漏检的。</translation>
    </message>
    <message>
        <source>Show me</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>As the threshold is now, %1 of %2 good parts will be rejected.</source>
        <translation>按现在的阈值，每 %2 个合格品中%1 个会被拒绝。</translation>
    </message>
    <message>
        <source>Take it back</source>
        <translation>恢复</translation>
    </message>
    <message numerus="yes">
        <source>A first guess, by %n good part(s): give 100 to rely on it.</source>
        <translation>
            <numerusform>由 %n 个合格品得出的初步估计：给出 100 个才可靠。</numerusform>
        </translation>
    </message>
    <message>
        <source>Add good images…</source>
        <translation>加入合格品图像…</translation>
    </message>
    <message numerus="yes">
        <source>These %n good part(s) differ from those learned</source>
        <translation>
            <numerusform>这 %n 个合格品与学习过的不同</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 of them are rejected.</source>
        <translation>其中 %1 个被拒绝。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Learn them, too</source>
        <translation>也学习它们</translation>
    </message>
    <message>
        <source>%1 of %2 good parts will be rejected</source>
        <translation>每 %2 个合格品中%1 个会被拒绝</translation>
    </message>
    <message>
        <source>%1 of %2 known defects are found</source>
        <translation>%2 个已知缺陷中检出 %1 个</translation>
    </message>
    <message>
        <source>Ready: %1.</source>
        <translation>就绪：%1。</translation>
    </message>
    <message>
        <source>Ready.</source>
        <translation>就绪。</translation>
    </message>
    <message>
        <source>Inspect</source>
        <translation>检测</translation>
    </message>
    <message>
        <source>fewer than 1</source>
        <translation>不到 1</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>约 %1</translation>
    </message>
</context>
<context>
    <name>OperatorActions</name>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Lock the operator&apos;s view…</source>
        <translation>锁定操作员视图…</translation>
    </message>
    <message>
        <source>Sound for a defect</source>
        <translation>不合格时发声</translation>
    </message>
    <message>
        <source>Sound for a defect (this system has no player: install pulseaudio-utils or alsa-utils)</source>
        <translation>不合格时发声（系统没有播放程序：请安装 pulseaudio-utils 或 alsa-utils）</translation>
    </message>
    <message>
        <source>Open a model first: without one nothing can be judged.</source>
        <translation>请先打开模型：没有模型无法判定。</translation>
    </message>
    <message>
        <source>The operator&apos;s view is locked. Type its PIN to leave it.</source>
        <translation>操作员视图已锁定。输入 PIN 才能离开。</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>This is not the PIN.</source>
        <translation>PIN 不正确。</translation>
    </message>
    <message>
        <source>Choose the PIN that unlocks this view. It is asked for whenever somebody leaves it.</source>
        <translation>请设定解锁此视图的 PIN。离开时都会要求输入。</translation>
    </message>
    <message>
        <source>Set the PIN</source>
        <translation>设定 PIN</translation>
    </message>
    <message>
        <source>Unlock…</source>
        <translation>解锁…</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
</context>
<context>
    <name>OperatorPage</name>
    <message>
        <source>The part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Part %1</source>
        <translation>零件 %1</translation>
    </message>
    <message>
        <source>Lot %1</source>
        <translation>批号 %1</translation>
    </message>
    <message>
        <source>No part yet</source>
        <translation>尚无零件</translation>
    </message>
</context>
<context>
    <name>PageTurner</name>
    <message>
        <source>%1 to %2</source>
        <translation>第 %1 至 %2 条</translation>
    </message>
    <message>
        <source>nothing found</source>
        <translation>未找到</translation>
    </message>
</context>
<context>
    <name>PartField</name>
    <message>
        <source>scan, or type and press Enter</source>
        <translation>扫描，或键入后按 Enter</translation>
    </message>
    <message>
        <source>Part number</source>
        <translation>零件号</translation>
    </message>
</context>
<context>
    <name>PartPanel</name>
    <message>
        <source>Next part</source>
        <translation>下一个零件</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Change…</source>
        <translation>更改…</translation>
    </message>
    <message>
        <source>Change the lot</source>
        <translation>更改批号</translation>
    </message>
    <message>
        <source>Lot of all parts from now on:</source>
        <translation>从现在起所有零件的批号：</translation>
    </message>
</context>
<context>
    <name>PartStrip</name>
    <message>
        <source>The last parts</source>
        <translation>最近的零件</translation>
    </message>
</context>
<context>
    <name>PartView</name>
    <message>
        <source>The part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Choose a part in the table.</source>
        <translation>请在表中选择一个零件。</translation>
    </message>
    <message>
        <source>What the records say</source>
        <translation>记录内容</translation>
    </message>
    <message>
        <source>The map is being made…</source>
        <translation>正在生成异常图…</translation>
    </message>
    <message>
        <source>No map: it was not judged.</source>
        <translation>无异常图：该零件未被判定。</translation>
    </message>
    <message>
        <source>Map by the very model that judged it.</source>
        <translation>异常图由当时判定的同一模型生成。</translation>
    </message>
</context>
<context>
    <name>PersonButton</name>
    <message>
        <source>Sign in as somebody else…</source>
        <translation>以其他人员登录…</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Nobody is signed in</source>
        <translation>无人登录</translation>
    </message>
    <message>
        <source>%1 is signed in</source>
        <translation>%1 已登录</translation>
    </message>
    <message>
        <source>%1 was idle for a while: changes ask for the password</source>
        <translation>%1 已有一段时间未操作：更改时需要输入密码</translation>
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
        <translation>再次输入</translation>
    </message>
    <message numerus="yes">
        <source>At least %n character(s), please.</source>
        <translation>
            <numerusform>请至少输入 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>These are not the same: type the PIN twice.</source>
        <translation>两次输入不一致：请输入两次相同的 PIN。</translation>
    </message>
</context>
<context>
    <name>PlanDialog</name>
    <message>
        <source>Plan a study</source>
        <translation>计划分析</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>尚未选择</translation>
    </message>
    <message>
        <source>Folder of pictures…</source>
        <translation>图像文件夹…</translation>
    </message>
    <message>
        <source>Table…</source>
        <translation>表格…</translation>
    </message>
    <message>
        <source>Names, with commas between them</source>
        <translation>姓名，用逗号分隔</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Operators</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Trials</source>
        <translation>轮数</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Take 30 to 50 parts, a third of them defects and some near the limit. Pictures are in the folders good and defect; a table has the columns part and standard (good or defect), and may have a column picture.</source>
        <translation>请取 30 到 50 个零件，其中三分之一为缺陷，一些接近界限。图像放在 good 和 defect 文件夹中；表格含有 part 和 standard（good 或 defect）两列，也可以有 picture 列。</translation>
    </message>
    <message>
        <source>Pictures of the study</source>
        <translation>分析所用的图像</translation>
    </message>
    <message>
        <source>Parts of the study</source>
        <translation>分析所用的零件</translation>
    </message>
    <message>
        <source>Name each operator once.</source>
        <translation>每名操作员只写一次。</translation>
    </message>
    <message>
        <source>Choose the parts.</source>
        <translation>请选择零件。</translation>
    </message>
    <message>
        <source>%1 parts, %2 of them defects.</source>
        <translation>%1 个零件，其中 %2 个缺陷。</translation>
    </message>
    <message numerus="yes">
        <source>%n answer(s) will be asked for.</source>
        <translation>
            <numerusform>将询问 %n 个答案。</numerusform>
        </translation>
    </message>
    <message>
        <source>Who judges?</source>
        <translation>由谁判定？</translation>
    </message>
</context>
<context>
    <name>Plant</name>
    <message>
        <source>(no lot)</source>
        <translation>（无批号）</translation>
    </message>
    <message>
        <source>%1: %2. The first part came at %3.</source>
        <translation>%1：%2。最初零件：%3。</translation>
    </message>
    <message>
        <source>Last part</source>
        <translation>最后零件</translation>
    </message>
    <message>
        <source>What changed</source>
        <translation>变化</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>工位</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Yield</source>
        <translation>良率</translation>
    </message>
    <message>
        <source>Defects</source>
        <translation>缺陷</translation>
    </message>
    <message>
        <source>Not sure</source>
        <translation>待定</translation>
    </message>
    <message>
        <source>Cannot judge</source>
        <translation>无法判定</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>%1 (%2 to %3)</source>
        <translation>%1（%2 至 %3）</translation>
    </message>
    <message>
        <source>Warnings that came and went: %1</source>
        <translation>出现又消失的警告：%1</translation>
    </message>
    <message>
        <source>No part came within the last hour.</source>
        <translation>最近一小时内没有零件。</translation>
    </message>
    <message>
        <source>It went again.</source>
        <translation>已消失。</translation>
    </message>
</context>
<context>
    <name>PlantBar</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>产线</translation>
    </message>
    <message>
        <source>All lines</source>
        <translation>所有产线</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>The last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>The last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Between two moments</source>
        <translation>两个时刻之间</translation>
    </message>
</context>
<context>
    <name>PlantPage</name>
    <message>
        <source>reading…</source>
        <translation>正在读取…</translation>
    </message>
    <message>
        <source>The figures are still those of %1.</source>
        <translation>数值仍属于 %1。</translation>
    </message>
    <message>
        <source>There are older lots, too: choose a shorter time, or one lot.</source>
        <translation>还有更早的批号：请选择更短的时间或一个批号。</translation>
    </message>
    <message>
        <source>Stations of the plant</source>
        <translation>工厂的工位</translation>
    </message>
    <message>
        <source>Lots of the chosen stations</source>
        <translation>所选工位的批号</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>Write what is shown as a table (CSV)</source>
        <translation>把所显示的内容写成表格（CSV）</translation>
    </message>
    <message>
        <source>Stations…</source>
        <translation>工位…</translation>
    </message>
    <message>
        <source>Lots…</source>
        <translation>批号…</translation>
    </message>
    <message>
        <source>Hours or days…</source>
        <translation>小时或天…</translation>
    </message>
    <message>
        <source>Plant %1</source>
        <translation>工厂 %1</translation>
    </message>
    <message>
        <source>as of %1</source>
        <translation>截至 %1</translation>
    </message>
    <message>
        <source>The figures are the last that are known.</source>
        <translation>所示为最后已知的数字。</translation>
    </message>
    <message>
        <source>Plant</source>
        <translation>工厂</translation>
    </message>
    <message numerus="yes">
        <source>%1: %n row(s).</source>
        <translation>
            <numerusform>%1：%n 行。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>PlantTabs</name>
    <message>
        <source>Lines and servers (%1)</source>
        <translation>产线与服务器（%1）</translation>
    </message>
    <message>
        <source>Open the plant</source>
        <translation>打开工厂</translation>
    </message>
    <message>
        <source>Plant</source>
        <translation>工厂</translation>
    </message>
</context>
<context>
    <name>PlotTools</name>
    <message>
        <source>Dragging moves the plot; the wheel zooms</source>
        <translation>拖动移动图表；滚轮缩放</translation>
    </message>
    <message>
        <source>Dragging selects the images in a rectangle; so it does with Shift held</source>
        <translation>拖出矩形以选择其中的图像；按住 Shift 拖动也可以</translation>
    </message>
    <message>
        <source>Dragging zooms into a rectangle</source>
        <translation>拖出矩形以放大</translation>
    </message>
    <message>
        <source>Move</source>
        <translation>移动</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show every point</source>
        <translation>显示所有点</translation>
    </message>
</context>
<context>
    <name>ProjectCards</name>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation>还没有模型</translation>
    </message>
</context>
<context>
    <name>ProjectModels</name>
    <message>
        <source>Models of the project</source>
        <translation>项目的模型</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>Compare two</source>
        <translation>比较两个</translation>
    </message>
    <message>
        <source>Two models compared</source>
        <translation>两个模型的比较</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>Good</source>
        <translation>合格品</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Defects</source>
        <translation>缺陷</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>trained</source>
        <translation>训练</translation>
    </message>
    <message>
        <source>updated</source>
        <translation>更新</translation>
    </message>
    <message>
        <source>opened</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>%1, in use</source>
        <translation>%1，使用中</translation>
    </message>
    <message>
        <source>There is no model yet: train one.</source>
        <translation>还没有模型：请训练一个。</translation>
    </message>
    <message>
        <source>Choose one to use it again, or two (Ctrl and click) to compare. Notes can be typed.</source>
        <translation>选一个重新使用，或选两个（按住 Ctrl 点击）比较。可以键入备注。</translation>
    </message>
    <message>
        <source>They cannot be compared: %1.</source>
        <translation>无法比较：%1。</translation>
    </message>
    <message>
        <source>Both have judged no labelled image: score some of known good parts and defects.</source>
        <translation>两者都没有判定过带标记的图像：请判定一些已知的合格品和缺陷。</translation>
    </message>
    <message numerus="yes">
        <source>On the %n labelled image(s) that both judged, each by its own threshold:</source>
        <translation>
            <numerusform>两者都判定过的 %n 幅带标记的图像，各用自己的阈值：</numerusform>
        </translation>
    </message>
    <message>
        <source>False alarms</source>
        <translation>误报</translation>
    </message>
    <message>
        <source>Misses</source>
        <translation>漏检</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
</context>
<context>
    <name>ProjectSaving</name>
    <message>
        <source>Projects (*%1)</source>
        <translation>项目 (*%1)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>保存项目</translation>
    </message>
    <message>
        <source>Duplicate the project</source>
        <translation>复制项目</translation>
    </message>
    <message>
        <source>A copy of the project is in %1.</source>
        <translation>项目的副本在 %1。</translation>
    </message>
    <message>
        <source>The project is in %1; what you do is kept there at once.</source>
        <translation>项目在 %1；您的操作会立即保存在那里。</translation>
    </message>
</context>
<context>
    <name>ProjectState</name>
    <message>
        <source>%1 is open in another window, or cannot be written: close it there first.</source>
        <translation>%1 已在另一个窗口中打开，或无法写入：请先在那里关闭它。</translation>
    </message>
</context>
<context>
    <name>Projects</name>
    <message>
        <source>New project</source>
        <translation>新建项目</translation>
    </message>
    <message>
        <source>Open a project (a folder NAME%1)</source>
        <translation>打开项目（名称以 %1 结尾的文件夹）</translation>
    </message>
    <message>
        <source>All you do is kept in %1 at once.</source>
        <translation>您的操作会立即保存在 %1。</translation>
    </message>
</context>
<context>
    <name>PromiseStrip</name>
    <message>
        <source>&amp;Use as good parts of another day</source>
        <translation>用作另一天的合格品(&amp;U)</translation>
    </message>
    <message>
        <source>Train again: the threshold then rests on these images, which are tested no more</source>
        <translation>重新训练：阈值改为取自这些图像，它们不再用于检验</translation>
    </message>
    <message>
        <source>Use them as good parts of another day?</source>
        <translation>把它们用作另一天的合格品？</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Files of &amp;type:</source>
        <translation>文件类型(&amp;T)：</translation>
    </message>
</context>
<context>
    <name>ReconstructionView</name>
    <message>
        <source>Reconstruction</source>
        <translation>重建</translation>
    </message>
    <message>
        <source>Show what the network makes of this image, and where it is unlike the image</source>
        <translation>显示网络由此图像重建的结果，以及与原图不同之处</translation>
    </message>
    <message>
        <source>image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>reconstruction</source>
        <translation>重建</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>In the colours of the map: 1.0 is what only the promised share of good images exceeds</source>
        <translation>用异常图的颜色：1.0 是只有承诺比例的合格品图像会超过的值</translation>
    </message>
</context>
<context>
    <name>Recovery</name>
    <message>
        <source>The program ended without closing; model, threshold and labels are as they were.</source>
        <translation>程序上次未正常关闭；模型、阈值和标记已恢复原样。</translation>
    </message>
    <message>
        <source>What was open cannot be restored; it is kept in %1. %2</source>
        <translation>无法恢复上次打开的内容；它保存在 %1。%2</translation>
    </message>
</context>
<context>
    <name>RegionEditor</name>
    <message>
        <source>Region of interest</source>
        <translation>感兴趣区域</translation>
    </message>
    <message>
        <source>Image with the region of interest</source>
        <translation>带感兴趣区域的图像</translation>
    </message>
    <message>
        <source>What was drawn has no area, so it was not taken.</source>
        <translation>画出的形状没有面积，因此未采用。</translation>
    </message>
    <message>
        <source>Draw what counts, or what is to be ignored. Nothing drawn: the whole image counts.</source>
        <translation>画出要计入或要忽略的区域。不画则整幅图像都计入。</translation>
    </message>
    <message>
        <source>Counts: %1 of the image.</source>
        <translation>计入：图像的 %1。</translation>
    </message>
    <message>
        <source>Esc does not drop what you drew: press Cancel to do so.</source>
        <translation>Esc 不会丢弃所画内容：要丢弃请按“取消”。</translation>
    </message>
    <message>
        <source>The polygon is not closed: double-click to close it, or Esc to drop it.</source>
        <translation>多边形未闭合：双击闭合，或按 Esc 丢弃。</translation>
    </message>
    <message>
        <source>Nothing would be left that counts, so this was not taken.</source>
        <translation>这样就没有计入的区域了，因此未采用。</translation>
    </message>
    <message>
        <source>There can be no more than %1 shapes: remove one first.</source>
        <translation>最多只能有 %1 个形状：请先移除一个。</translation>
    </message>
</context>
<context>
    <name>RegionField</name>
    <message>
        <source>Let the whole image count again</source>
        <translation>恢复为整幅图像都计入</translation>
    </message>
    <message>
        <source>Region of interest</source>
        <translation>感兴趣区域</translation>
    </message>
    <message>
        <source>Draw…</source>
        <translation>绘制…</translation>
    </message>
    <message>
        <source>Draw on a good image what counts, or what is ignored; the next training keeps to it</source>
        <translation>在合格品图像上画出要计入或要忽略的区域；下次训练照此进行</translation>
    </message>
    <message>
        <source>whole image</source>
        <translation>整幅图像</translation>
    </message>
    <message>
        <source>%1 of the image counts</source>
        <translation>图像的 %1 计入</translation>
    </message>
    <message>
        <source>Choose a folder of good images first: the region is drawn on one of them.</source>
        <translation>请先选择合格品图像的文件夹：区域画在其中一幅上。</translation>
    </message>
    <message>
        <source>The folder of good images is still being read: try again in a moment.</source>
        <translation>合格品图像的文件夹还在读取中：请稍后再试。</translation>
    </message>
    <message>
        <source>There is no image in the folder of good images.</source>
        <translation>合格品图像的文件夹中没有图像。</translation>
    </message>
    <message>
        <source>The model in use: %1</source>
        <translation>当前模型：%1</translation>
    </message>
</context>
<context>
    <name>RegionTools</name>
    <message>
        <source>Drag from one corner to the opposite one. The wheel zooms.</source>
        <translation>从一角拖到对角。滚轮缩放。</translation>
    </message>
    <message>
        <source>Click each corner. A double click, Enter, or a click on the first corner closes it; Esc takes back the last corner.</source>
        <translation>依次点击各角。双击、按 Enter 或点击第一个角即闭合；Esc 撤回最后一个角。</translation>
    </message>
    <message>
        <source>Click a shape to select it, drag it to move it, drag a corner to resize it.</source>
        <translation>点击选择形状，拖动移动，拖角改变大小。</translation>
    </message>
    <message>
        <source>Only what is kept counts; also changes a selected shape</source>
        <translation>只有保留的区域计入；也可改变选中的形状</translation>
    </message>
    <message>
        <source>What is ignored does not count; also changes a selected shape</source>
        <translation>忽略的区域不计入；也可改变选中的形状</translation>
    </message>
    <message>
        <source>Select, move and resize shapes</source>
        <translation>选择、移动形状和改变大小</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Ignore</source>
        <translation>忽略</translation>
    </message>
    <message>
        <source>Rectangle</source>
        <translation>矩形</translation>
    </message>
    <message>
        <source>Draw a rectangle</source>
        <translation>画矩形</translation>
    </message>
    <message>
        <source>Ellipse</source>
        <translation>椭圆</translation>
    </message>
    <message>
        <source>Draw an ellipse</source>
        <translation>画椭圆</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>多边形</translation>
    </message>
    <message>
        <source>Draw a polygon, corner by corner</source>
        <translation>逐角画多边形</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Undo the last step</source>
        <translation>撤销上一步</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>重做</translation>
    </message>
    <message>
        <source>Do again what was undone</source>
        <translation>重做撤销的步骤</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Remove the selected shape</source>
        <translation>移除选中的形状</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清空</translation>
    </message>
    <message>
        <source>Remove all shapes</source>
        <translation>移除所有形状</translation>
    </message>
    <message>
        <source>Whole image</source>
        <translation>全图</translation>
    </message>
    <message>
        <source>Show the whole image</source>
        <translation>显示整幅图像</translation>
    </message>
</context>
<context>
    <name>RegionView</name>
    <message>
        <source>A polygon needs three corners at least.</source>
        <translation>多边形至少要有三个角。</translation>
    </message>
    <message>
        <source>Press the button at one corner, and let go at the opposite one.</source>
        <translation>在一角按下鼠标，到对角松开。</translation>
    </message>
</context>
<context>
    <name>RemarkFields</name>
    <message>
        <source>The kind of defect, in your own words; the keys 3 to 9 give it, too</source>
        <translation>缺陷类型，用您自己的词；也可按 3 到 9 键给出</translation>
    </message>
    <message>
        <source>scratch, dent, …</source>
        <translation>划痕、凹坑…</translation>
    </message>
    <message>
        <source>what is worth knowing of this image</source>
        <translation>关于此图像值得记下的内容</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
</context>
<context>
    <name>Remarks</name>
    <message numerus="yes">
        <source>set the kind of %n image(s)</source>
        <translation>
            <numerusform>设定 %n 幅图像的类型</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Report</name>
    <message>
        <source>Made</source>
        <translation>制作时间</translation>
    </message>
    <message>
        <source>By</source>
        <translation>制作者</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>%1 images of %2 parts</source>
        <translation>%1 幅图像，%2 个零件</translation>
    </message>
    <message>
        <source>not saved yet: save the model to have one</source>
        <translation>尚未保存：保存模型后才有</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>训练时间</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>学习图像</translation>
    </message>
    <message>
        <source>Calibration images</source>
        <translation>校准图像</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>检测器</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Chosen from</source>
        <translation>取自</translation>
    </message>
    <message>
        <source>Not sure within</source>
        <translation>待定范围</translation>
    </message>
    <message>
        <source>Alarms asked for</source>
        <translation>要求的误报</translation>
    </message>
    <message>
        <source>Alarms promised</source>
        <translation>承诺的误报</translation>
    </message>
    <message>
        <source>%1: higher is worse, a common good part has about 0 (log-likelihood %2)</source>
        <translation>%1：越高越差，普通合格品约为 0（对数似然 %2）</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>人员</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Moved by people, as log-likelihoods:</source>
        <translation>人工移动的阈值（对数似然）：</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日期</translation>
    </message>
    <message>
        <source>Signature</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>制作</translation>
    </message>
    <message>
        <source>Checked by</source>
        <translation>审核</translation>
    </message>
    <message>
        <source>Released by</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>Signatures</source>
        <translation>签名</translation>
    </message>
    <message>
        <source>No font on this computer has Chinese characters: install one, such as Noto Sans CJK SC, and write the report again.</source>
        <translation>本机没有含中文字符的字体：请安装一种，如 Noto Sans CJK SC，然后重新生成报告。</translation>
    </message>
    <message>
        <source>Validation of %1</source>
        <translation>%1 的验证报告</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Scores</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>good parts</source>
        <translation>合格品</translation>
    </message>
    <message>
        <source>defects</source>
        <translation>缺陷</translation>
    </message>
    <message>
        <source>without a label</source>
        <translation>无标记</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>False alarms</source>
        <translation>误报</translation>
    </message>
    <message>
        <source>Misses</source>
        <translation>漏检</translation>
    </message>
    <message>
        <source>Defects found</source>
        <translation>检出的缺陷</translation>
    </message>
    <message>
        <source>In brackets: 95 % intervals after Clopper and Pearson.</source>
        <translation>括号内：95% 的 Clopper-Pearson 区间。</translation>
    </message>
    <message>
        <source>The good images are those of the training, by scores of fits without them.</source>
        <translation>合格品图像即训练图像，得分来自不含它们的拟合。</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Kind of defect</source>
        <translation>缺陷类型</translation>
    </message>
    <message>
        <source>found</source>
        <translation>检出</translation>
    </message>
    <message>
        <source>A dot an image: blue good, pink defect, grey without a label.</source>
        <translation>每个点是一幅图像：蓝色合格，粉色不合格，灰色无标记。</translation>
    </message>
    <message>
        <source>Above the line it is a defect; far above, the axis is logarithmic.</source>
        <translation>线以上判为不合格；远高于线处，坐标轴为对数。</translation>
    </message>
    <message>
        <source>Below the line it is a defect. Triangles lie further down.</source>
        <translation>线以下判为不合格。三角形表示还要更低。</translation>
    </message>
    <message>
        <source>%1 of %2: %3 (%4 to %5)</source>
        <translation>%1 / %2：%3（%4 至 %5）</translation>
    </message>
    <message>
        <source>labelled good</source>
        <translation>标记为合格</translation>
    </message>
    <message>
        <source>labelled defect</source>
        <translation>标记为不合格</translation>
    </message>
    <message>
        <source>Judged wrongly: %1</source>
        <translation>判错：%1</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>无。</translation>
    </message>
    <message>
        <source>%1 more are not shown; the exported table has all.</source>
        <translation>另有 %1 幅未显示；导出的表格包含全部。</translation>
    </message>
    <message>
        <source>Verdicts of %1</source>
        <translation>%1 的判定报告</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>起始时间</translation>
    </message>
    <message>
        <source>Defects: %1</source>
        <translation>不合格：%1</translation>
    </message>
    <message>
        <source>Yield</source>
        <translation>良率</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>All verdicts</source>
        <translation>全部判定</translation>
    </message>
</context>
<context>
    <name>ReportActions</name>
    <message>
        <source>Validation as PDF…</source>
        <translation>验证报告 PDF…</translation>
    </message>
    <message>
        <source>Verdicts as PDF…</source>
        <translation>判定报告 PDF…</translation>
    </message>
    <message>
        <source>Print the validation…</source>
        <translation>打印验证报告…</translation>
    </message>
    <message>
        <source>Print the verdicts…</source>
        <translation>打印判定报告…</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>保存报告</translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation>已保存到 %1。</translation>
    </message>
    <message>
        <source>Sent to the printer %1.</source>
        <translation>已发送到打印机 %1。</translation>
    </message>
</context>
<context>
    <name>ReportView</name>
    <message>
        <source>The numbers of the study</source>
        <translation>分析的数据</translation>
    </message>
</context>
<context>
    <name>Retraining</name>
    <message>
        <source>Choose the good images that this model learned from, and train: these are added.</source>
        <translation>请选择此模型学习过的合格品图像并训练：这些会一并加入。</translation>
    </message>
</context>
<context>
    <name>RocView</name>
    <message>
        <source>false alarms (share of good images)</source>
        <translation>误报（占合格品图像的比例）</translation>
    </message>
    <message>
        <source>defects found (share)</source>
        <translation>检出的缺陷（比例）</translation>
    </message>
    <message>
        <source>judged good</source>
        <translation>判为合格</translation>
    </message>
    <message>
        <source>judged defect</source>
        <translation>判为不合格</translation>
    </message>
    <message>
        <source>not sure</source>
        <translation>待定</translation>
    </message>
    <message>
        <source>good</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>defect</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>Label good images and defects to see how well they are told apart.</source>
        <translation>请标记合格品图像和缺陷，以查看区分得有多好。</translation>
    </message>
</context>
<context>
    <name>ScorePlot</name>
    <message>
        <source>Scores and threshold</source>
        <translation>得分和阈值</translation>
    </message>
    <message>
        <source>log-likelihood</source>
        <translation>对数似然</translation>
    </message>
    <message>
        <source>score ↑ worse</source>
        <translation>得分 ↑ 越高越差</translation>
    </message>
</context>
<context>
    <name>SettingsForm</name>
    <message>
        <source>Learning features</source>
        <translation>学习特征</translation>
    </message>
</context>
<context>
    <name>ShiftBook</name>
    <message>
        <source>The counts of this shift are not kept for a restart (%1).</source>
        <translation>重新启动后本班次的计数将丢失（%1）。</translation>
    </message>
</context>
<context>
    <name>ShiftPanel</name>
    <message>
        <source>Yield</source>
        <translation>良率</translation>
    </message>
    <message>
        <source>Good ones of all that were judged good, defect or not sure</source>
        <translation>合格数占合格、不合格和待定总数的比例</translation>
    </message>
    <message>
        <source>New shift…</source>
        <translation>新班次…</translation>
    </message>
    <message>
        <source>Count from zero, from now on</source>
        <translation>从现在起从零计数</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>Begin a new shift</source>
        <translation>开始新班次</translation>
    </message>
    <message>
        <source>Count from zero, from now on? What was judged so far is kept in the shift&apos;s file.</source>
        <translation>从现在起从零计数吗？此前的判定保存在班次文件中。</translation>
    </message>
</context>
<context>
    <name>ShiftReport</name>
    <message>
        <source>The newest %1 of %2 entries.</source>
        <translation>共 %2 条，列出最新的 %1 条。</translation>
    </message>
    <message>
        <source>The most frequent %1 of %2.</source>
        <translation>共 %2 种，列出最常见的 %1 种。</translation>
    </message>
    <message>
        <source>Shift report of %1</source>
        <translation>%1 班次报告</translation>
    </message>
    <message>
        <source>Verdicts</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>By the hour</source>
        <translation>按小时</translation>
    </message>
    <message>
        <source>What was not good, and why</source>
        <translation>非合格品及其原因</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Alarms: %1</source>
        <translation>报警：%1</translation>
    </message>
    <message>
        <source>What was done: %1</source>
        <translation>操作：%1</translation>
    </message>
    <message>
        <source>Proof</source>
        <translation>证明</translation>
    </message>
    <message>
        <source>Station</source>
        <translation>工位</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>零件数</translation>
    </message>
    <message>
        <source>Parts of the challenge</source>
        <translation>点检零件数</translation>
    </message>
    <message>
        <source>Yield</source>
        <translation>良率</translation>
    </message>
    <message>
        <source>%1 (%2 to %3)</source>
        <translation>%1（%2 至 %3）</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Share, with the interval of 95 %</source>
        <translation>比例及 95% 区间</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>无。</translation>
    </message>
    <message>
        <source>Hour</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>a place stands out</source>
        <translation>有位置突出</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>Alarm</source>
        <translation>报警</translation>
    </message>
    <message>
        <source>What it said</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>came</source>
        <translation>出现</translation>
    </message>
    <message>
        <source>went</source>
        <translation>解除</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事项</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Each row of the records holds the hash of the row before it. With the last one below, `anomaly-gui station verify` proves later that nothing was changed, and nothing cut off.</source>
        <translation>每条记录都含有前一条记录的哈希值。凭下面最后一条的哈希值，日后可用 `anomaly-gui station verify` 证明记录未被更改，也未被截断。</translation>
    </message>
    <message>
        <source>Last row</source>
        <translation>最后一条</translation>
    </message>
    <message>
        <source>Its hash</source>
        <translation>其哈希值</translation>
    </message>
</context>
<context>
    <name>SignDialog</name>
    <message>
        <source>Name</source>
        <translation>姓名</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>请稍候…</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Show it good parts. It finds the bad ones.</source>
        <translation>给它看合格品，它就能找出不合格品。</translation>
    </message>
    <message>
        <source>Train from a folder of good images…</source>
        <translation>用合格品图像的文件夹训练…</translation>
    </message>
    <message>
        <source>Open the sample (ones and sevens)</source>
        <translation>打开示例（数字 1 和 7）</translation>
    </message>
    <message>
        <source>The sample learns 800 handwritten ones and finds the sevens; it takes half a minute.</source>
        <translation>示例学习 800 个手写数字 1，并找出 7；需要半分钟。</translation>
    </message>
    <message>
        <source>Drop a folder of images of good parts, a project, or a model, anywhere in this window.</source>
        <translation>把合格品图像的文件夹、项目或模型拖放到窗口任意处。</translation>
    </message>
    <message>
        <source>It learns what good parts look like: the bar at the left says how far it is.</source>
        <translation>正在学习合格品的样子：进度见左侧的进度条。</translation>
    </message>
    <message>
        <source>Press Train, at the left: nothing else has to be chosen.</source>
        <translation>请按左侧的“训练”：无需选择其他内容。</translation>
    </message>
    <message>
        <source>Go on with</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>New project…</source>
        <translation>新建项目…</translation>
    </message>
    <message>
        <source>Open project…</source>
        <translation>打开项目…</translation>
    </message>
    <message>
        <source>Open a station…</source>
        <translation>打开工位…</translation>
    </message>
    <message>
        <source>Watch a line that judges by itself, and look up what it judged</source>
        <translation>查看自动判定的产线，并检索其判定结果</translation>
    </message>
    <message>
        <source>One project for each product: nothing of one gets into another</source>
        <translation>每种产品一个项目：互不混淆</translation>
    </message>
</context>
<context>
    <name>Station</name>
    <message>
        <source>Verdict</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Part</source>
        <translation>零件</translation>
    </message>
    <message>
        <source>Lot</source>
        <translation>批号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>班次</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希值</translation>
    </message>
    <message>
        <source>brightness %1, contrast %2, sharpness %3</source>
        <translation>亮度 %1，对比度 %2，清晰度 %3</translation>
    </message>
    <message>
        <source>How the station is cannot be seen.</source>
        <translation>无法查看工位的状态。</translation>
    </message>
    <message>
        <source>The records of the station cannot be read.</source>
        <translation>无法读取工位的记录。</translation>
    </message>
    <message>
        <source>%1 has not answered since %2.</source>
        <translation>%1 自 %2 起没有响应。</translation>
    </message>
    <message>
        <source>Challenge</source>
        <translation>点检</translation>
    </message>
    <message>
        <source>The station hangs: its last heartbeat was at %1. Nothing is judged.</source>
        <translation>工位无响应：最后一次心跳在 %1。目前不判定任何零件。</translation>
    </message>
    <message>
        <source>The station starts: its model is opened.</source>
        <translation>工位正在启动：正在打开模型。</translation>
    </message>
    <message>
        <source>The station judges what comes.</source>
        <translation>工位正在判定到来的零件。</translation>
    </message>
    <message>
        <source>The station pauses: nothing is judged.</source>
        <translation>工位已暂停：目前不判定任何零件。</translation>
    </message>
    <message>
        <source>The station is locked: nothing is judged.</source>
        <translation>工位已锁定：目前不判定任何零件。</translation>
    </message>
    <message>
        <source>The station has a fault: see the alarms.</source>
        <translation>工位有故障：请看报警。</translation>
    </message>
    <message>
        <source>The station does not run: it never did.</source>
        <translation>工位未运行：从未启动过。</translation>
    </message>
    <message>
        <source>The station does not run: it was stopped at %1.</source>
        <translation>工位未运行：已于 %1 停止。</translation>
    </message>
    <message>
        <source>The station does not run: it ended at %1 without having been stopped.</source>
        <translation>工位未运行：于 %1 意外终止。</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Judging</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Records</source>
        <translation>记录</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>监视</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>well</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>fault</source>
        <translation>故障</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>locked</source>
        <translation>已锁定</translation>
    </message>
    <message>
        <source>not filed</source>
        <translation>未归档</translation>
    </message>
    <message>
        <source>as before</source>
        <translation>无变化</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>有变化</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>sending</source>
        <translation>发送中</translation>
    </message>
    <message>
        <source>%1, for %2</source>
        <translation>%1 个，已等 %2</translation>
    </message>
    <message>
        <source>Only the records of this station are known: open the file of its line to start it.</source>
        <translation>只知道此工位的记录：要启动它，请打开其产线文件。</translation>
    </message>
    <message>
        <source>The station cannot be started (%1).</source>
        <translation>无法启动工位（%1）。</translation>
    </message>
    <message>
        <source>%1 cannot be written (%2).</source>
        <translation>无法写入 %1（%2）。</translation>
    </message>
    <message>
        <source>look at this</source>
        <translation>请注意</translation>
    </message>
    <message>
        <source>No map: this picture could not be judged.</source>
        <translation>无异常图：无法判定此图像。</translation>
    </message>
    <message>
        <source>Judged again, its score is %1; recorded is %2. Boxes are as recorded.</source>
        <translation>重新判定得分为 %1；记录为 %2。方框为记录内容。</translation>
    </message>
    <message>
        <source>No map: this model judges the image as a whole.</source>
        <translation>无异常图：此模型把图像作为整体判定。</translation>
    </message>
    <message>
        <source>The picture was removed by the rule of how long pictures are kept (%1).</source>
        <translation>图像已按保存期限规则删除（%1）。</translation>
    </message>
    <message>
        <source>The picture is not there any more: %1</source>
        <translation>图像已不存在：%1</translation>
    </message>
    <message>
        <source>The picture was changed after it was judged: it is not the same file.</source>
        <translation>图像在判定后被更改：不是同一文件。</translation>
    </message>
    <message>
        <source>No map: the model that judged it (%1, SHA-256 %2…) is not there. Boxes are as recorded.</source>
        <translation>无异常图：找不到当时判定的模型（%1，SHA-256 %2…）。方框为记录内容。</translation>
    </message>
</context>
<context>
    <name>StationActions</name>
    <message>
        <source>Open a station…</source>
        <translation>打开工位…</translation>
    </message>
</context>
<context>
    <name>StationMenus</name>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Help on this window</source>
        <translation>本窗口的帮助</translation>
    </message>
    <message>
        <source>&amp;Station</source>
        <translation>工位(&amp;S)</translation>
    </message>
    <message>
        <source>Open a station…</source>
        <translation>打开工位…</translation>
    </message>
    <message>
        <source>Open the plant…</source>
        <translation>打开工厂…</translation>
    </message>
    <message>
        <source>Recent stations</source>
        <translation>最近的工位</translation>
    </message>
    <message>
        <source>Start the station</source>
        <translation>启动工位</translation>
    </message>
    <message>
        <source>Stop the station…</source>
        <translation>停止工位…</translation>
    </message>
    <message>
        <source>Sign in…</source>
        <translation>登录…</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Unlock the station…</source>
        <translation>解锁工位…</translation>
    </message>
    <message>
        <source>Approve settings and model…</source>
        <translation>批准设置和模型…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>1 Operator</source>
        <translation>1 操作员</translation>
    </message>
    <message>
        <source>2 Engineer</source>
        <translation>2 工程师</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Lock the operator&apos;s view…</source>
        <translation>锁定操作员视图…</translation>
    </message>
</context>
<context>
    <name>StationPlace</name>
    <message>
        <source>%1 is no folder of a station&apos;s records.</source>
        <translation>%1 不是工位的记录文件夹。</translation>
    </message>
</context>
<context>
    <name>StationView</name>
    <message>
        <source>Stop %1? What comes meanwhile waits, and is judged after the next start.</source>
        <translation>停止 %1？其间到来的图像会等待，下次启动后再判定。</translation>
    </message>
    <message>
        <source>Stop the station</source>
        <translation>停止工位</translation>
    </message>
    <message>
        <source>%1 stops after the part at hand.</source>
        <translation>%1 将在当前零件之后停止。</translation>
    </message>
</context>
<context>
    <name>StationWindow</name>
    <message>
        <source>Unlock…</source>
        <translation>解锁…</translation>
    </message>
    <message>
        <source>Stations</source>
        <translation>工位</translation>
    </message>
    <message>
        <source>No station is open. Open the file of its line (line1.toml) or its records.</source>
        <translation>没有打开的工位。请打开其产线文件（line1.toml）或其记录。</translation>
    </message>
    <message>
        <source>Open a station…</source>
        <translation>打开工位…</translation>
    </message>
    <message>
        <source>Full screen (F11)</source>
        <translation>全屏（F11）</translation>
    </message>
    <message>
        <source>Lock: a PIN leads back</source>
        <translation>锁定：凭 PIN 返回</translation>
    </message>
    <message>
        <source>Lines and records (%1)</source>
        <translation>产线与记录（%1）</translation>
    </message>
    <message>
        <source>Open a station</source>
        <translation>打开工位</translation>
    </message>
</context>
<context>
    <name>StatusLine</name>
    <message>
        <source>Ready.</source>
        <translation>就绪。</translation>
    </message>
    <message>
        <source>Threshold from: %1.</source>
        <translation>阈值取自：%1。</translation>
    </message>
    <message>
        <source>Give good parts of another day to trust it on other days.</source>
        <translation>给出另一天的合格品，才能在其他日子信赖它。</translation>
    </message>
</context>
<context>
    <name>StudyPage</name>
    <message>
        <source>Do people judge alike, and rightly? Several judge the same parts several times.</source>
        <translation>人员的判定是否一致、是否正确？由多人多次判定相同的零件。</translation>
    </message>
    <message>
        <source>Plan a study…</source>
        <translation>计划分析…</translation>
    </message>
    <message>
        <source>Which study</source>
        <translation>哪次分析</translation>
    </message>
    <message>
        <source>Report as PDF…</source>
        <translation>PDF 报告…</translation>
    </message>
    <message>
        <source>%1 has judged all of trial %2.</source>
        <translation>%1 已完成第 %2 轮的全部判定。</translation>
    </message>
    <message>
        <source>Write the report</source>
        <translation>写入报告</translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation>已保存到 %1。</translation>
    </message>
</context>
<context>
    <name>StudyReport</name>
    <message>
        <source>Station</source>
        <translation>工位</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>计划时间</translation>
    </message>
    <message>
        <source>Conclusion</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>What the numbers mean</source>
        <translation>数据说明</translation>
    </message>
</context>
<context>
    <name>ThresholdBar</name>
    <message>
        <source>Allowed false alarms</source>
        <translation>允许的误报</translation>
    </message>
    <message>
        <source>The default rule: so many of the good parts may be rejected</source>
        <translation>默认规则：允许被拒绝的合格品比例</translation>
    </message>
    <message>
        <source>Mean − k σ</source>
        <translation>均值 − k σ</translation>
    </message>
    <message>
        <source>The textbook rule on training scores: it promises nothing; see what is to expect</source>
        <translation>教科书规则，基于训练得分：不作任何承诺；请看预计</translation>
    </message>
    <message>
        <source>Best F1</source>
        <translation>最佳 F1</translation>
    </message>
    <message>
        <source>From the labels: needs good images and defects</source>
        <translation>取自标记：需要合格品图像和缺陷</translation>
    </message>
    <message>
        <source>Set by:</source>
        <translation>设定方式：</translation>
    </message>
    <message>
        <source>The threshold as log-likelihood: images below it are judged defect</source>
        <translation>阈值（对数似然）：低于它的图像判为不合格</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>Within so much of the threshold the verdict is: not sure. Drag its lines in the plot</source>
        <translation>与阈值相差在此范围内判为待定。可在图表中拖动其边线</translation>
    </message>
    <message>
        <source>Back to the calibrated threshold</source>
        <translation>恢复校准的阈值</translation>
    </message>
    <message>
        <source>The threshold the training chose</source>
        <translation>训练选定的阈值</translation>
    </message>
    <message>
        <source>Threshold (log-likelihood)</source>
        <translation>阈值（对数似然）</translation>
    </message>
    <message>
        <source>Not sure within</source>
        <translation>待定范围</translation>
    </message>
    <message>
        <source>k of the rule mean − k σ</source>
        <translation>规则“均值 − k σ”中的 k</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>No model yet.</source>
        <translation>还没有模型。</translation>
    </message>
    <message>
        <source>To expect: %1.</source>
        <translation>预计：%1。</translation>
    </message>
    <message>
        <source>Rule %1, from: %2.</source>
        <translation>规则 %1，取自：%2。</translation>
    </message>
    <message>
        <source>false alarms %1</source>
        <translation>误报 %1</translation>
    </message>
    <message>
        <source>misses %1</source>
        <translation>漏检 %1</translation>
    </message>
    <message>
        <source>not sure %1</source>
        <translation>待定 %1</translation>
    </message>
    <message>
        <source>cannot judge %1</source>
        <translation>无法判定 %1</translation>
    </message>
    <message>
        <source>%1: %2 of %3 found</source>
        <translation>%1：检出 %2 / %3</translation>
    </message>
    <message>
        <source>%1 (%2 good, %3 defects)</source>
        <translation>%1（%2 个合格品，%3 个缺陷）</translation>
    </message>
    <message>
        <source>%1 of %2 (%3 to %4)</source>
        <translation>%1 / %2（%3 至 %4）</translation>
    </message>
</context>
<context>
    <name>ThumbnailLegend</name>
    <message>
        <source>What the marks of the thumbnails mean</source>
        <translation>缩略图标志的含义</translation>
    </message>
    <message>
        <source>framed: label differs</source>
        <translation>加框：与标记不符</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Step %1 of %2</source>
        <translation>第 %1 步，共 %2 步</translation>
    </message>
</context>
<context>
    <name>TourCard</name>
    <message>
        <source>Leave</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>TrainedText</name>
    <message>
        <source>By the images of the first day alone: %1 The threshold rests on the other day&apos;s.</source>
        <translation>若只用第一天的图像：%1阈值取自另一天的图像。</translation>
    </message>
    <message>
        <source>Features of %1 were known from before.</source>
        <translation>%1的特征先前已知。</translation>
    </message>
    <message>
        <source>Could not be used</source>
        <translation>无法使用</translation>
    </message>
    <message>
        <source>Copies of others, used once</source>
        <translation>与其他文件相同、只用一次</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Given: %1 of %2 (%3).</source>
        <translation>给出 %1，%2（%3）。</translation>
    </message>
    <message>
        <source>Learned from %1 of %2 (%3).</source>
        <translation>学习了 %1，%2（%3）。</translation>
    </message>
    <message>
        <source>The network learned from %1.</source>
        <translation>网络学习了 %1。</translation>
    </message>
    <message>
        <source>The network learned from %1; the threshold rests on the %2 it never saw.</source>
        <translation>网络学习了 %1；阈值取自它从未见过的 %2 幅。</translation>
    </message>
    <message>
        <source>The threshold rests on %1.</source>
        <translation>阈值取自%1。</translation>
    </message>
    <message>
        <source>Promised: no more than %1 good parts rejected.</source>
        <translation>承诺：被拒绝的合格品不超过%1。</translation>
    </message>
    <message>
        <source>To expect: %1.</source>
        <translation>预计：%1。</translation>
    </message>
</context>
<context>
    <name>TrainingQuestions</name>
    <message>
        <source>&amp;One part</source>
        <translation>同一零件(&amp;O)</translation>
    </message>
    <message>
        <source>They show one part: they are judged together</source>
        <translation>它们显示同一个零件：一起判定</translation>
    </message>
    <message>
        <source>&amp;Different parts</source>
        <translation>不同零件(&amp;D)</translation>
    </message>
    <message>
        <source>Every image shows a part of its own: train again so</source>
        <translation>每幅图像显示不同的零件：照此重新训练</translation>
    </message>
    <message>
        <source>&amp;Leave out</source>
        <translation>排除(&amp;L)</translation>
    </message>
    <message>
        <source>They are no good parts, and are not learned from</source>
        <translation>它们不是合格品，不参与学习</translation>
    </message>
    <message>
        <source>&amp;Keep</source>
        <translation>保留(&amp;K)</translation>
    </message>
    <message>
        <source>They are good parts as well: train again with them</source>
        <translation>它们也是合格品：加入它们重新训练</translation>
    </message>
    <message>
        <source>&amp;All are good</source>
        <translation>都是合格品(&amp;A)</translation>
    </message>
    <message>
        <source>Learn all kinds of parts together</source>
        <translation>一起学习各种零件</translation>
    </message>
    <message>
        <source>All %1 seem to show one part.</source>
        <translation>全部 %1似乎都显示同一个零件。</translation>
    </message>
    <message>
        <source>%1 were taken to show %2, such as these:</source>
        <translation>%1被认为显示 %2，例如：</translation>
    </message>
    <message>
        <source>It can&apos;t be told from the images whether they show one part or several.</source>
        <translation>从图像无法判断它们显示的是同一个零件还是多个零件。</translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) unlike the other %1:</source>
        <translation>
            <numerusform>%n 幅图像与其他 %1 幅不同：</numerusform>
        </translation>
    </message>
    <message>
        <source>learned from all the same.</source>
        <translation>仍然学习了它们。</translation>
    </message>
    <message numerus="yes">
        <source>one of %n like it</source>
        <translation>
            <numerusform>同类共 %n 幅</numerusform>
        </translation>
    </message>
    <message>
        <source>The good images seem to show several kinds of parts. A model of each finds more:</source>
        <translation>合格品图像似乎有多种零件。每种各用一个模型能检出更多：</translation>
    </message>
</context>
<context>
    <name>TrainingRequests</name>
    <message>
        <source>Measuring how fast images are judged…</source>
        <translation>正在测量判定速度…</translation>
    </message>
    <message>
        <source>Choose good images to see how fast they would be judged.</source>
        <translation>请选择合格品图像，以查看判定速度。</translation>
    </message>
</context>
<context>
    <name>TrendView</name>
    <message>
        <source>Rejected among the last %1, in percent</source>
        <translation>最近 %1 个中的不合格率（%）</translation>
    </message>
    <message>
        <source>Scores, the threshold at 1</source>
        <translation>得分，阈值为 1</translation>
    </message>
</context>
<context>
    <name>TurnList</name>
    <message>
        <source>Each judges alone and sees no picture of another&apos;s turn. Let some time pass between the trials of one person: what is remembered is not judged.</source>
        <translation>每人单独判定，不看别人的轮次。同一人的各轮之间请间隔一段时间：凭记忆回答就不是判定。</translation>
    </message>
    <message>
        <source>Who has judged how much</source>
        <translation>各人已判定多少</translation>
    </message>
    <message>
        <source>%1 of %2 answers are given.</source>
        <translation>已给出 %1 / %2 个答案。</translation>
    </message>
    <message>
        <source>Trial %1</source>
        <translation>第 %1 轮</translation>
    </message>
    <message>
        <source>Operator</source>
        <translation>操作员</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 has judged everything</source>
        <translation>%1 已全部判定</translation>
    </message>
    <message>
        <source>%1 judges: trial %2</source>
        <translation>%1 判定：第 %2 轮</translation>
    </message>
</context>
<context>
    <name>Updates</name>
    <message>
        <source>Add good images to the model</source>
        <translation>向模型加入合格品图像</translation>
    </message>
    <message>
        <source>Select an image that the model learned from, to take it out.</source>
        <translation>请选择模型学习过的图像，以将其取出。</translation>
    </message>
    <message>
        <source>Added %1.</source>
        <translation>已加入 %1。</translation>
    </message>
    <message>
        <source>Took out %1.</source>
        <translation>已取出 %1。</translation>
    </message>
    <message>
        <source>Not added, as copies of others: %1.</source>
        <translation>因与其他文件相同而未加入：%1。</translation>
    </message>
    <message>
        <source>The model rests on %1 now.</source>
        <translation>模型现在学习了 %1。</translation>
    </message>
</context>
<context>
    <name>VerdictView</name>
    <message>
        <source>Map</source>
        <translation>异常图</translation>
    </message>
    <message>
        <source>Show the map over the image, or not</source>
        <translation>是否在图像上叠加异常图</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>Sound a short tone for every defect</source>
        <translation>每次判为不合格时发出短音</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Fill the screen (F11)</source>
        <translation>占满屏幕（F11）</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>Let nothing be changed by accident: a PIN leads back</source>
        <translation>防止误改：用 PIN 返回</translation>
    </message>
    <message>
        <source>Drop an image</source>
        <translation>拖放图像</translation>
    </message>
    <message>
        <source>Part %1</source>
        <translation>零件 %1</translation>
    </message>
</context>
<context>
    <name>WindowKeeper</name>
    <message>
        <source>%1 cannot be written (%2): nothing is kept for after a crash; save what you make.</source>
        <translation>无法写入 %1（%2）：程序崩溃后什么也不会保留；请及时保存。</translation>
    </message>
    <message>
        <source>The language cannot change while something is at work: wait for its end, or stop it.</source>
        <translation>有任务正在进行时不能更改语言：请等待其结束，或将其停止。</translation>
    </message>
</context>
<context>
    <name>Workshop</name>
    <message>
        <source>Training</source>
        <translation>正在训练</translation>
    </message>
    <message>
        <source>There is no model yet: train one or open one first.</source>
        <translation>还没有模型：请先训练或打开一个。</translation>
    </message>
    <message>
        <source>Updating the model</source>
        <translation>正在更新模型</translation>
    </message>
    <message>
        <source>Comparing</source>
        <translation>正在比较</translation>
    </message>
    <message>
        <source>Opening</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>正在保存</translation>
    </message>
    <message>
        <source>Scoring</source>
        <translation>正在判定</translation>
    </message>
    <message>
        <source>Telling parts apart</source>
        <translation>正在区分零件</translation>
    </message>
    <message>
        <source>Looking at one image</source>
        <translation>正在查看图像</translation>
    </message>
    <message>
        <source>Reconstructing</source>
        <translation>正在重建</translation>
    </message>
    <message>
        <source>Measuring speed</source>
        <translation>正在测量速度</translation>
    </message>
    <message>
        <source>Unpacking the sample</source>
        <translation>正在解压示例</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) of other kinds were passed over.</source>
        <translation>
            <numerusform>已略过 %n 个其他类型的文件。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Writing</name>
    <message numerus="yes">
        <source>%1: %n result(s).</source>
        <translation>
            <numerusform>%1：%n 条结果。</numerusform>
        </translation>
    </message>
    <message>
        <source>Saved to %1.</source>
        <translation>已保存到 %1。</translation>
    </message>
</context>
<context>
    <name>WrongAndRight</name>
    <message>
        <source>false alarms (good judged defect)</source>
        <translation>误报（合格判为不合格）</translation>
    </message>
    <message>
        <source>good judged good</source>
        <translation>合格判为合格</translation>
    </message>
    <message>
        <source>misses (defect judged good)</source>
        <translation>漏检（不合格判为合格）</translation>
    </message>
    <message>
        <source>defect judged defect</source>
        <translation>不合格判为不合格</translation>
    </message>
    <message>
        <source>good, not sure</source>
        <translation>合格，判为待定</translation>
    </message>
    <message>
        <source>defect, not sure</source>
        <translation>不合格，判为待定</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>WrongQuestion</name>
    <message>
        <source>It is good</source>
        <translation>合格</translation>
    </message>
    <message>
        <source>It is a defect</source>
        <translation>不合格</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Label and verdict are the same. What is it really?</source>
        <translation>标记和判定相同。实际是什么？</translation>
    </message>
    <message>
        <source>The verdict is neither good nor defect. What is it?</source>
        <translation>判定既不是合格也不是不合格。实际是什么？</translation>
    </message>
</context>
<context>
    <name>YieldPlot</name>
    <message>
        <source>Yield, in percent</source>
        <translation>良率（%）</translation>
    </message>
    <message>
        <source>Rejected, in percent</source>
        <translation>不合格率（%）</translation>
    </message>
    <message>
        <source>What is drawn</source>
        <translation>绘制内容</translation>
    </message>
    <message>
        <source>Yield over time</source>
        <translation>良率随时间的变化</translation>
    </message>
    <message>
        <source>%1 more: choose above which to draw</source>
        <translation>还有 %1 个：请在上方选择要绘制的工位</translation>
    </message>
    <message>
        <source>No part in this time.</source>
        <translation>这段时间内没有零件。</translation>
    </message>
</context>
<context>
    <name>corrections</name>
    <message>
        <source>correct the next training</source>
        <translation>更正下次训练</translation>
    </message>
</context>
<context>
    <name>remarks</name>
    <message>
        <source>say something of an image</source>
        <translation>为图像添加备注</translation>
    </message>
</context>
<context>
    <name>session</name>
    <message numerus="yes">
        <source>label %n image(s)</source>
        <translation>
            <numerusform>标记 %n 幅图像</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>state</name>
    <message>
        <source>set the threshold</source>
        <translation>设定阈值</translation>
    </message>
</context>
</TS>
